"""Why a rule gave its points, in the languages that results are written in.

A pair is what is said when all is well and when not; of a share, when there is something to count
and when there is nothing.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Reasons = Mapping[str, tuple[str, str]]

_ENGLISH: Final = {
    "contact_name": ("A name is there.", "There is no name."),
    "contact_email": ("An e-mail address is there.", "No e-mail address."),
    "contact_phone": ("A phone number is there.", "No phone number."),
    "contact_place": (
        "A place or a link is there.",
        "Neither a place nor a link says where the person is found.",
    ),
    "dates_parse": (
        "{good} of {count} positions and studies have dates that can be read.",
        "No position or study is there.",
    ),
    "dates_newest_first": (
        "{good} of {count} positions stand with the newest first.",
        "No position is there.",
    ),
    "section_experience": ("Experience is there.", "There is no experience."),
    "section_education": ("Education is there.", "There is no education."),
    "section_skills": ("Skills are listed.", "There is no list of skills."),
    "sections_standard": (
        "Every section has a name that readers know.",
        "Some sections have names that readers may not know.",
    ),
    "plain_text": (
        "The text has no traces of tables, icons or markup.",
        "Tables, icons, markup or invisible characters are left in the text.",
    ),
    "lines_length": (
        "{good} of {count} lines are {least} to {most} characters long.",
        "There are no lines to read.",
    ),
    "entries_told": (
        "{good} of {count} recent entries say what was done.",
        "There is no experience.",
    ),
    "entries_short": (
        "{good} of {count} entries have at most {most} lines.",
        "There is no experience.",
    ),
    "lines_once": ("{good} of {count} lines are said once.", "There are no lines to read."),
    "lines_quantified": (
        "{share} % of the lines give a number; {enough} % are enough.",
        "{share} % of the lines give a number; {enough} % are enough.",
    ),
    "length": (
        "{width} characters are of a length that is read; {least} to {most} are one to two pages.",
        "{width} characters are too short or too long; {least} to {most} are one to two pages.",
    ),
    "summary": (
        "A short summary opens the document.",
        "A summary of {least} to {most} characters would open the document.",
    ),
    "match_shown": ("Said in the posting's own words.", "The resume does not show it."),
    "match_half": (
        "Said in other words than the posting's: half the points.",
        "Confirmed by you, but not in the document: half the points.",
    ),
    "match_cap": (
        "",
        "{missing} of {musts} musts are open: at most {limit} points, {floor} + part of {share}.",
    ),
}
_GERMAN: Final = {
    "contact_name": ("Ein Name ist da.", "Es fehlt ein Name."),
    "contact_email": ("Eine E-Mail-Adresse ist da.", "Es fehlt eine E-Mail-Adresse."),
    "contact_phone": ("Eine Telefonnummer ist da.", "Es fehlt eine Telefonnummer."),
    "contact_place": (
        "Ein Ort oder ein Link ist da.",
        "Weder ein Ort noch ein Link sagt, wo die Person zu finden ist.",
    ),
    "dates_parse": (
        "{good} von {count} Stellen und Ausbildungen haben lesbare Daten.",
        "Es steht keine Stelle und keine Ausbildung da.",
    ),
    "dates_newest_first": (
        "{good} von {count} Stellen stehen mit der neuesten zuerst.",
        "Es steht keine Stelle da.",
    ),
    "section_experience": ("Erfahrung ist da.", "Es fehlt Erfahrung."),
    "section_education": ("Ausbildung ist da.", "Es fehlt eine Ausbildung."),
    "section_skills": ("Kenntnisse sind aufgeführt.", "Es fehlt eine Liste von Kenntnissen."),
    "sections_standard": (
        "Jeder Abschnitt hat einen bekannten Namen.",
        "Einige Abschnitte haben Namen, die Leser vielleicht nicht kennen.",
    ),
    "plain_text": (
        "Der Text hat keine Spuren von Tabellen, Symbolen oder Auszeichnung.",
        "Im Text stehen Reste von Tabellen, Symbolen, Auszeichnung oder unsichtbare Zeichen.",
    ),
    "lines_length": (
        "{good} von {count} Zeilen sind {least} bis {most} Zeichen lang.",
        "Es gibt keine Zeilen zu lesen.",
    ),
    "entries_told": (
        "{good} von {count} jüngsten Stationen sagen, was getan wurde.",
        "Es fehlt Erfahrung.",
    ),
    "entries_short": (
        "{good} von {count} Stationen haben höchstens {most} Zeilen.",
        "Es fehlt Erfahrung.",
    ),
    "lines_once": (
        "{good} von {count} Zeilen stehen nur einmal da.",
        "Es gibt keine Zeilen zu lesen.",
    ),
    "lines_quantified": (
        "{share} % der Zeilen nennen eine Zahl; {enough} % genügen.",
        "{share} % der Zeilen nennen eine Zahl; {enough} % genügen.",
    ),
    "length": (
        "{width} Zeichen haben eine lesbare Länge; {least} bis {most} sind ein bis zwei Seiten.",
        "{width} Zeichen sind zu wenig oder zu viel; {least} bis {most} sind ein bis zwei Seiten.",
    ),
    "summary": (
        "Ein kurzes Profil steht am Anfang.",
        "Ein Profil von {least} bis {most} Zeichen stünde gut am Anfang.",
    ),
    "match_shown": (
        "Mit den Worten der Ausschreibung gesagt.",
        "Der Lebenslauf zeigt es nicht.",
    ),
    "match_half": (
        "Mit anderen Worten als die Ausschreibung gesagt: die Hälfte der Punkte.",
        "Von Ihnen bestätigt, aber nicht im Dokument: die Hälfte der Punkte.",
    ),
    "match_cap": (
        "",
        "{missing} von {musts} Vorgaben fehlen: bis {limit} Punkte, {floor} + Teil von {share}.",
    ),
}
_FRENCH: Final = {
    "contact_name": ("Un nom est indiqué.", "Il n'y a pas de nom."),
    "contact_email": ("Une adresse électronique est indiquée.", "Pas d'adresse électronique."),
    "contact_phone": ("Un numéro de téléphone est indiqué.", "Pas de numéro de téléphone."),
    "contact_place": (
        "Un lieu ou un lien est indiqué.",
        "Ni lieu ni lien n'indique où trouver la personne.",
    ),
    "dates_parse": (
        "{good} postes et formations sur {count} ont des dates lisibles.",
        "Il n'y a ni poste ni formation.",
    ),
    "dates_newest_first": (
        "{good} postes sur {count} sont rangés du plus récent au plus ancien.",
        "Il n'y a pas de poste.",
    ),
    "section_experience": ("L'expérience est indiquée.", "Il n'y a pas d'expérience."),
    "section_education": ("La formation est indiquée.", "Il n'y a pas de formation."),
    "section_skills": (
        "Les compétences sont énumérées.",
        "Il n'y a pas de liste de compétences.",
    ),
    "sections_standard": (
        "Chaque section a un nom connu.",
        "Certaines sections ont des noms peu connus.",
    ),
    "plain_text": (
        "Le texte n'a pas de traces de tableaux, d'icônes ou de balises.",
        "Il reste dans le texte des tableaux, icônes, balises ou caractères invisibles.",
    ),
    "lines_length": (
        "{good} lignes sur {count} ont de {least} à {most} caractères.",
        "Il n'y a pas de lignes à lire.",
    ),
    "entries_told": (
        "{good} postes récents sur {count} disent ce qui a été fait.",
        "Il n'y a pas d'expérience.",
    ),
    "entries_short": (
        "{good} postes sur {count} ont au plus {most} lignes.",
        "Il n'y a pas d'expérience.",
    ),
    "lines_once": (
        "{good} lignes sur {count} ne sont dites qu'une fois.",
        "Il n'y a pas de lignes à lire.",
    ),
    "lines_quantified": (
        "{share} % des lignes donnent un chiffre ; {enough} % suffisent.",
        "{share} % des lignes donnent un chiffre ; {enough} % suffisent.",
    ),
    "length": (
        "{width} caractères se lisent bien ; {least} à {most} font une à deux pages.",
        "{width} caractères : trop court ou trop long ; {least} à {most} font une à deux pages.",
    ),
    "summary": (
        "Un court résumé ouvre le document.",
        "Un résumé de {least} à {most} caractères ouvrirait le document.",
    ),
    "match_shown": ("Dit avec les mots de l'annonce.", "Le CV ne le montre pas."),
    "match_half": (
        "Dit avec d'autres mots que l'annonce : la moitié des points.",
        "Confirmé par vous, mais absent du document : la moitié des points.",
    ),
    "match_cap": (
        "",
        "{missing} critères sur {musts} manquent : max. {limit} points, {floor} + part de {share}.",
    ),
}
_SPANISH: Final = {
    "contact_name": ("Hay un nombre.", "No hay nombre."),
    "contact_email": ("Hay una dirección de correo.", "No hay dirección de correo."),
    "contact_phone": ("Hay un número de teléfono.", "No hay número de teléfono."),
    "contact_place": (
        "Hay un lugar o un enlace.",
        "Ni un lugar ni un enlace dice dónde se encuentra la persona.",
    ),
    "dates_parse": (
        "{good} de {count} puestos y estudios tienen fechas legibles.",
        "No hay puestos ni estudios.",
    ),
    "dates_newest_first": (
        "{good} de {count} puestos van del más reciente al más antiguo.",
        "No hay puestos.",
    ),
    "section_experience": ("Hay experiencia.", "No hay experiencia."),
    "section_education": ("Hay formación.", "No hay formación."),
    "section_skills": ("Hay una lista de conocimientos.", "No hay lista de conocimientos."),
    "sections_standard": (
        "Cada sección tiene un nombre conocido.",
        "Algunas secciones tienen nombres poco conocidos.",
    ),
    "plain_text": (
        "El texto no tiene restos de tablas, iconos o marcas.",
        "En el texto quedan tablas, iconos, marcas o caracteres invisibles.",
    ),
    "lines_length": (
        "{good} de {count} líneas tienen de {least} a {most} caracteres.",
        "No hay líneas que leer.",
    ),
    "entries_told": (
        "{good} de {count} puestos recientes dicen qué se hizo.",
        "No hay experiencia.",
    ),
    "entries_short": (
        "{good} de {count} puestos tienen como máximo {most} líneas.",
        "No hay experiencia.",
    ),
    "lines_once": (
        "{good} de {count} líneas se dicen una sola vez.",
        "No hay líneas que leer.",
    ),
    "lines_quantified": (
        "El {share} % de las líneas da una cifra; basta el {enough} %.",
        "El {share} % de las líneas da una cifra; basta el {enough} %.",
    ),
    "length": (
        "{width} caracteres se leen bien; de {least} a {most} son una o dos páginas.",
        "{width} caracteres son pocos o demasiados; de {least} a {most} son una o dos páginas.",
    ),
    "summary": (
        "Un resumen breve abre el documento.",
        "Un resumen de {least} a {most} caracteres abriría el documento.",
    ),
    "match_shown": ("Dicho con las palabras de la oferta.", "El currículum no lo muestra."),
    "match_half": (
        "Dicho con otras palabras que la oferta: la mitad de los puntos.",
        "Confirmado por usted, pero no está en el documento: la mitad de los puntos.",
    ),
    "match_cap": (
        "",
        "Faltan {missing} de {musts} requisitos: máx. {limit} puntos, {floor} + parte de {share}.",
    ),
}
REASONS: Final[Mapping[str, Reasons]] = MappingProxyType(
    {"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH}
)
