"""What a true rewording in German, French or Spanish may bring in: words that claim nothing.

The counterpart of the English list: general verbs and nouns of resumes, no employer, skill, field,
rank, verb of leading or result. What goes up or down is listed apart, since a line may change the
word for it and not the way. Languages without a list may only change order and little words.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from resume_core.gate.roots import root_set

_PLAIN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "de": """
            arbeiten arbeit bearbeiten bearbeitung begleiten begleitung betreuen betreuung
            erstellen erstellung erarbeiten erarbeitung entwickeln entwicklung durchführen umsetzen
            einführen einführung aufbauen etablieren einrichten eingerichtet einrichtung gestalten
            gestaltung planen vorbereiten vorbereitung nachbereitung organisieren organisation
            abstimmen abgestimmt abstimmung unterstützen unterstützung helfen mitwirken mitwirkung
            beteiligen beteiligt beteiligung dokumentieren dokumentation erfassen erfassung prüfen
            auswerten ausgewertet auswertung berichten bericht berichte sammeln sammlung pflegen
            warten wartung instandhaltung reparieren reparatur überwachen überwachung verfolgen
            verfolgung beschaffen beschaffung verwalten verwaltung abwickeln nutzen nutzung
            verwenden verwendung einsetzen eingesetzt einsatz anwenden anwendung schreiben verfassen
            verfasst schulen unterweisen unterweisung beraten informieren verantwortlich zuständig
            tätig tätigkeit aufgabe aufgaben bereich umfeld rahmen durchgeführt wurde wurden werden
            war waren ist sind habe hat haben mittels mithilfe hilfe anhand sowie inklusive
            einschließlich etwa rund circa ca insgesamt jährlich monatlich wöchentlich täglich
            regelmäßig jahr monat woche tag alter zeit dabei dafür dazu jeweils verschiedene weitere
            anderen übernehmen übernommen übernahme ausführen ausgeführt ausführung erledigen
            erledigt bereitstellen bereitgestellt bereitstellung""",
        "fr": """
            travailler travail participer participation contribuer contribution réaliser réalisation
            créer création élaborer élaboration établir établissement préparer préparation organiser
            organisation planifier planification mettre place œuvre développer développement
            concevoir rédiger saisir saisie tenir tenue gérer suivre assurer effectuer traiter
            traitement utiliser utilisation appliquer application installer
            installation intégrer intégration entretenir maintenir maintenance réparer réparation
            vérifier vérification contrôler contrôle analyser analyse étudier étude documenter
            documentation collecter collecte informer accueillir recevoir réception conseiller
            conseil aider aide soutenir accompagner accompagnement former formation assister
            assistance introduire introduction remplacer remplacement passer migrer vers afin lors
            chaque environ total ensemble responsable chargé chargée charge tâche tâches projet
            cadre domaine activité activités mission missions est sont été était étaient ai avons
            ont régulier régulière régulièrement annuel annuelle mensuel mensuelle hebdomadaire
            quotidien quotidienne moyen aide grâce notamment différents diverses plusieurs""",
        "es": """
            trabajar trabajo participar participación contribuir contribución realizar realización
            crear creación elaborar elaboración establecer establecimiento preparar preparación
            organizar organización planificar planificación desarrollar desarrollo diseñar redactar
            redacción registrar registro llevar gestionar gestión seguir efectuar ejecutar ejecución
            tratar tratamiento usar uso utilizar utilización aplicar aplicación
            instalar instalación integrar integración mantener reparar reparación verificar
            verificación revisar revisión analizar análisis estudiar estudio documentar
            documentación recoger informar informe informes recibir recepción asesorar asesoramiento
            ayudar ayuda apoyar apoyo acompañar acompañamiento formar formación capacitar
            capacitación impartir asistir asistencia introducir reemplazar sustituir sustitución
            mediante través cada todos todas total conjunto responsable encargado encargada cargo
            tarea tareas proyecto marco área ámbito actividad actividades función funciones fue
            fueron es son ha han haber regular regularmente anual mensual semanal diario diaria día
            mes semana año aproximadamente unos unas cerca además diversos varios""",
    }
)
#: (what goes up, what goes down) by language.
_DIRECTIONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "de": (
            """steigern steigerung gesteigert erhöhen erhöhung erhöht wachsen wachstum gewachsen
            ausbauen ausgebaut ausbau anheben angehoben anstieg""",
            """senken senkung reduzieren reduzierung reduziert reduktion verringern verringerung
            verringert mindern minderung gemindert kürzen kürzung verkürzen verkürzung verkürzt
            rückgang""",
        ),
        "fr": (
            """augmenter augmentation augmenté accroître accroissement accru hausse croissance
            hausser élargir allonger allongement""",
            """réduire diminuer diminution diminué baisser baisse abaisser abaissement raccourcir
            raccourcissement""",
        ),
        "es": (
            """aumentar aumento aumentó incrementar incremento incrementó subir subida crecer
            crecimiento ampliar ampliación alargar""",
            """reducir disminuir disminución disminuyó bajar bajada rebajar rebaja recortar recorte
            acortar descenso""",
        ),
    }
)


@cache
def plain_roots(tongue: str) -> frozenset[str]:
    """The roots of words that claim nothing; empty for a language without a list."""
    return root_set(_PLAIN.get(tongue, ""), tongue)


@cache
def direction_roots(tongue: str) -> tuple[frozenset[str], frozenset[str]]:
    """The roots of words for more, and of those for less."""
    up, down = _DIRECTIONS.get(tongue, ("", ""))
    return root_set(up, tongue), root_set(down, tongue)
