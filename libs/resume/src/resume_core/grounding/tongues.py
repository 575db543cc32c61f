"""The words of each language that claim nothing, and the forms a sentence of a kind must have.

Closed lists, so that what nobody thought of does not pass. `tests/test_tongues.py` proves that no
list holds a skill, a rank, a number or a verb of leading.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from resume_core.text import word_set

#: Words by which a person speaks of themselves, in any of the languages.
FIRST_PERSON: Final = word_set(
    """i i'm i've i'd i'll me my mine myself we we've our ours us
    ich mich mir mein meine meinen meinem meiner meines wir uns unser unsere
    je moi mon ma mes nous notre nos yo mi mis mí conmigo nosotros nuestro nuestra"""
)
_ELIDED_I: Final = re.compile(r"\b[jm]'", re.IGNORECASE)
#: Words by which a sentence about a posting would speak of the person after all.
CANDIDATE: Final = word_set(
    """candidate applicant expert found find finds ends gain gains get gets receive hire hiring
    meet meets met match matches fit fits fulfil fulfilled satisfy satisfied bring brings covered
    covers answer answers here already same likewise exactly as
    bewerber kandidat kandidatin experte bekommen bekommt erhalten passt erfüllt gefunden hier
    candidat candidate experte trouver trouvé obtenir correspond remplit ici
    candidato candidata experto encontrar obtener cumple cumplo aquí tengo soy llevo he"""
)


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language.

    Attributes:
        plain: words a sentence about the person may add to those of its sources.
        intent: all words a sentence about applying may have, beside names and true skills.
        cue: what makes a sentence one about applying.
        asks: how a sentence about what a posting says begins.
        no_claim: what must not stand in a sentence about applying.
        opens: how a question begins that takes nothing for granted.
    """

    code: str
    plain: str
    intent: frozenset[str]
    cue: re.Pattern[str]
    asks: re.Pattern[str]
    no_claim: re.Pattern[str]
    opens: re.Pattern[str]


_ENGLISH: Final = Tongue(
    "en",
    """apply application dear thank thanks reader letter resume career job interest interested
    excited glad happy pleased welcome chance discuss forward hear hearing enjoy enjoyed hope
    believe confident colleague colleagues example instance besides posting talk conversation ask
    asks question tell describe walk challenge challenges hardest decide decided surprised
    differently went wrong learnt happened sure alternative alternatives speak speaks
    study studied studies somebody someone anybody anyone""",
    word_set(
        """i i'm i'd i'll am would will could may be to the a an and of for at in on with this that
        it is your you my me our by from how where what so please very much also
        apply applying application write writing interest interested interests excited excites
        glad happy pleased keen welcome like love hope look looking forward chance opportunity
        discuss talk speak tell show more hear hearing from join joining position role job opening
        vacancy post posting team company work working contribute contributing help bring bringing
        experience background skills knowledge thank thanks time consideration reading considering
        conversation interview meet meeting resume enclosed attached about convinced drawn
        learn learning next step"""
    ),
    re.compile(
        r"\b(?:apply(?:ing)?|application|interest(?:s|ed)?|excite[sd]|join(?:ing)?|forward"
        r"|welcome|like|hope|thanks?|chance|opportunity|keen|drawn)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:you|your (?:posting|team|company)|the (?:posting|position|role|job)|this (?:role|job)"
        r"|\x00)(?: \w+)? (?:asks?|are looking|is looking|looks?|needs?|requires?|seeks?|wants?"
        r"|mentions?|lists?|names?|calls?|values?|emphasi[sz]es?)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:i am|i'm) (?!applying|interested|excited|writing|keen|drawn|happy|glad|pleased"
        r"|convinced|looking|very)|\b(?:my|our) (?:\w+ )?(?:role|position|work|job|time|team|post"
        r"|company|experience|background) (?:at|in|of|from|is)\b"
        r"|\bi (?:work|bring|help|learn|join)\b"
        r"|\b(?:i am|i'm) (?:very )?(?:\w+ )?working\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:have you (?:ever )?|do you |could you |how would you "
        r"|what do you know about |what would you "
        r"|what is your experience (?:with|of|in) |why do you want )",
        re.IGNORECASE,
    ),
)
_GERMAN: Final = Tongue(
    "de",
    """und oder der die das den dem des ein eine einen einem einer eines ich mich mir mein meine
    meinen meinem meiner in im an am auf aus bei beim mit nach von vom vor zu zum zur für um durch
    ohne als wie auch so dass damit dabei dort hier es sie er wir ist war sind waren habe hatte
    haben wurde wurden wird werden dies diese dieser diesem diesen dieses etwa unter während
    seither zuletzt heute derzeit zuvor danach davor außerdem zudem ebenso sowie indem wobei
    arbeite arbeitete gearbeitet arbeit baute gebaut entwickle entwickelte entwickelt schrieb
    geschrieben nutze nutzte genutzt verwendete verwendet setzte eingesetzt einsetze brachte
    gebracht machte gemacht half geholfen unterstützte unterstützt betreute betreut pflegte gepflegt
    erstellte erstellt lernte gelernt sammelte gesammelt erfahrung erfahrungen kenntnisse aufgabe
    aufgaben rolle stelle tätigkeit projekt projekte team teams bereich ergebnis lebenslauf
    ebenfalls beispiel station stationen gern gerne freue sehr rund tätig zeit dazu darin
    daran gehört gehörte gehören zählt zählen eigenen was warum wann wer welche welcher welches
    welchen gingen vor erzählen beschreiben erklären ihnen ihre ihren ihrem ihrer
    schwierig gelernt anders spreche studiere studierte studiert jemand jemanden person suchen
    sucht""",
    word_set(
        """ich mich mir mein meine meinen meinem meiner bewerbe bewerbung um für die das der den dem
        des ein eine einen einem einer als auf an am im in bei beim mit zu zur zum von vom und über
        stelle position rolle ausschreibung ausgeschriebene ausgeschriebenen team unternehmen firma
        ihr ihre ihren ihrem ihrer sie ihnen freue würde möchte gern gerne sehr darauf mehr erfahren
        erzählen sprechen gespräch persönlich persönlichen einladung rückmeldung antwort interesse
        interessiert interessieren hiermit dank danke vielen zeit lebenslauf beitragen einbringen
        erfahrung kenntnisse kennenlernen kennenzulernen lernen gemeinsam arbeiten zukünftig"""
    ),
    re.compile(r"\b(?:bewerb\w*|freue|würde|möchte|interess\w*|dank\w*|hiermit)\b", re.IGNORECASE),
    re.compile(
        r"(?:sie|ihre (?:ausschreibung|anzeige|stelle)"
        r"|die (?:stelle|ausschreibung|anzeige|position)"
        r"|\x00) (?:suchen|sucht|brauchen|braucht|verlangt|verlangen|fordert|nennt|nennen"
        r"|wünscht|wünschen|erwartet|erwarten)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bmein\w* (?:erfahrung|stelle|position|rolle|team) (?:bei|als|im)\b"
        r"|(?<!stelle )(?<!position )\bals \x00"
        r"|\bich (?:arbeiten|lernen)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:haben sie (?:schon |bereits )?|kennen sie |können sie |wie würden sie "
        r"|was wissen sie über "
        r"|welche erfahrung haben sie mit |warum möchten sie )",
        re.IGNORECASE,
    ),
)
_FRENCH: Final = Tongue(
    "fr",
    """et ou le la les un une des du de au aux ce cet cette ces je me moi mon ma mes ai ait as a
    avons ont suis est était étais sont été en dans chez sur sous avec sans pour par vers entre que
    qui dont où comme ainsi aussi puis ensuite alors actuellement auparavant notamment également
    lors pendant afin grâce plus très y il elle nous notre nos leur leurs se son sa ses
    travaille travaillé travail travailler développé développer construit construire créé créer
    écrit écrire utilisé utiliser utilise mis mise mettre place participé participer contribué
    contribuer aidé aider appris apprendre réalisé réaliser permis permettre fait faire
    expérience expériences compétence compétences connaissance connaissances tâche tâches rôle
    poste projet projets équipe équipes domaine résultat exemple même parcours
    occupé occupe acquis acquise vous votre vos pourquoi comment quel quelle quels quelles quoi
    racontez décrivez expliquez avez êtes difficile difficulté tant parle étudié étudie étudier
    quelqu'un personne cherchez recherchez""",
    word_set(
        """je me moi mon ma mes suis serais souhaite souhaiterais aimerais voudrais pour par le la
        les un une des du de au aux à en dans chez avec et que qui ce cette poste offre annonce
        rôle équipe entreprise société votre vos vous postule postuler candidature présente
        présenter intéresse intéressé intéressée intérêt rejoindre contribuer apporter échanger
        discuter parler entretien rencontrer temps remercie merci attention lecture curriculum
        plaisir serait heureux heureuse lors prochain d'un expérience compétences connaissances
        bientôt volontiers très"""
    ),
    re.compile(
        r"\b(?:postul\w*|candidature|souhait\w*|aimerais|voudrais|intér\w*|rejoindre|remercie"
        r"|merci|plaisir|heureu\w+)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:vous|votre (?:annonce|offre|équipe|entreprise)|le poste|l'annonce|l'offre|\x00)"
        r" (?:(?:re)?cherchez?|demandez?|exige|mentionne|attendez|attend)"
        r"\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bje suis (?!intéressé|heureu)|\bm(?:on|a) (?:\w+ )?(?:expérience|poste|rôle|équipe)"
        r" (?:chez|à|au|dans|en)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:avez-vous (?:déjà )?|connaissez-vous |pourriez-vous |comment feriez-vous "
        r"|que savez-vous de |quelle est votre expérience (?:de|avec) |pourquoi voulez-vous )",
        re.IGNORECASE,
    ),
)
_SPANISH: Final = Tongue(
    "es",
    """y o el la los las un una unos unas de del al a en con sin por para sobre entre hacia que
    quien donde como así también luego después entonces actualmente antes además yo me mi mis he ha
    han hemos había soy es era fui fue son este esta estos estas ese esa lo le les se su sus nos
    más muy durante mediante gracias trabajo trabajé trabajado trabajar desarrollé desarrollado
    desarrollar construí construido construir creé creado crear escribí escrito escribir usé usado
    usar uso utilicé utilizado utilizar participé participado contribuí contribuido ayudé ayudado
    aprendí aprendido realicé realizado hice hecho hacer puse puesto experiencia experiencias
    conocimiento conocimientos competencias tarea tareas papel cargo puesto proyecto proyectos
    equipo equipos área resultado ejemplo mismo misma trayectoria
    usted qué cómo cuál cuáles cuándo cuéntenos describa explique difícil dificultad hizo tengo
    hablo estudié estudio estudiado ustedes alguien persona buscan busca""",
    word_set(
        """yo me mi mis quisiera quiero gustaría interesa interesado interesada interés por el la
        los las un una de del al a en con para que y este esta puesto oferta anuncio vacante cargo
        equipo empresa compañía su sus ustedes usted solicito solicitar solicitud candidatura
        presento presentar postulo postularme unirme incorporarme contribuir aportar conversar
        hablar entrevista conocer conocerles tiempo gracias agradezco atención lectura currículum
        encantaría encantado encantada experiencia conocimientos pronto mucho muy"""
    ),
    re.compile(
        r"\b(?:solicit\w*|candidatura|quisiera|quiero|gustaría|interes\w*|interés|present\w+"
        r"|postul\w+|gracias|agradezco|encantaría)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:ustedes|usted|su (?:oferta|anuncio|equipo|empresa)|el puesto|la oferta|el anuncio"
        r"|\x00)"
        r" (?:buscan?|piden?|pide|requiere[n]?|necesitan?|menciona[n]?|exigen?|esperan?)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\bmi (?:\w+ )?(?:experiencia|puesto|cargo|equipo) (?:en|de|con)\b", re.IGNORECASE),
    re.compile(
        r"¿?(?:ha (?:usado|utilizado|trabajado con) |conoce |podría |cómo (?:haría|usaría) "
        r"|qué sabe de |qué experiencia tiene con |por qué quiere )",
        re.IGNORECASE,
    ),
)
#: The languages in which results are written, by ISO 639-1 code.
TONGUES: Final = MappingProxyType(
    {tongue.code: tongue for tongue in (_ENGLISH, _GERMAN, _FRENCH, _SPANISH)}
)


def in_first_person(text: str, words: tuple[str, ...]) -> bool:
    """Whether a text speaks of the one who says it, in any language."""
    return bool(_ELIDED_I.search(text)) or any(w.casefold() in FIRST_PERSON for w in words)
