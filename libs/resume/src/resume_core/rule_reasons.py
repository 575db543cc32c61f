"""Why the rules propose a change, in the languages that results are written in."""

from types import MappingProxyType
from typing import Final

#: By language, then by what is proposed; `lines` to `projects` name what is put in another order.
RULE_REASONS: Final = MappingProxyType(
    {
        "en": {
            "relabel": "The posting calls {keyword} «{wording}»: the same thing.",
            "shown": "The posting asks for {wording}. Your resume shows it: {quote}.",
            "confirmed": "The posting asks for {wording}. You confirmed it.",
            "order": "Puts the {what} first that answer the posting: {named}.",
            "lines": "lines",
            "keywords": "keywords",
            "groups": "skill groups",
            "projects": "projects",
            "hide_line": "This line answers nothing in the posting, and {count} lines are many."
            " Leaving it out is up to you.",
            "hide_project": "This project answers nothing in the posting."
            " Leaving it out is up to you.",
        },
        "de": {
            "relabel": "Die Stelle nennt {keyword} «{wording}»: dasselbe.",
            "shown": "Die Stelle verlangt {wording}. Ihr Lebenslauf zeigt es: {quote}.",
            "confirmed": "Die Stelle verlangt {wording}. Sie haben es bestätigt.",
            "order": "Stellt die {what} voran, die zur Stelle passen: {named}.",
            "lines": "Zeilen",
            "keywords": "Stichworte",
            "groups": "Gruppen von Kenntnissen",
            "projects": "Projekte",
            "hide_line": "Diese Zeile passt zu nichts in der Stelle, und {count} Zeilen sind viele."
            " Ob sie wegbleibt, entscheiden Sie.",
            "hide_project": "Dieses Projekt passt zu nichts in der Stelle."
            " Ob es wegbleibt, entscheiden Sie.",
        },
        "fr": {
            "relabel": "L\u2019annonce appelle {keyword} «{wording}»\u00a0: c\u2019est la même"
            " chose.",
            "shown": "L\u2019annonce demande\u00a0: {wording}. Votre CV le montre\u00a0: {quote}.",
            "confirmed": "L\u2019annonce demande\u00a0: {wording}. Vous l\u2019avez confirmé.",
            "order": "Met en premier les {what} qui répondent à l\u2019annonce\u00a0: {named}.",
            "lines": "lignes",
            "keywords": "mots-clés",
            "groups": "groupes de compétences",
            "projects": "projets",
            "hide_line": "Cette ligne ne répond à rien dans l\u2019annonce, et {count} lignes,"
            " c\u2019est beaucoup. À vous de décider de l\u2019omettre.",
            "hide_project": "Ce projet ne répond à rien dans l\u2019annonce."
            " À vous de décider de l\u2019omettre.",
        },
        "es": {
            "relabel": "La oferta llama a {keyword} «{wording}»: es lo mismo.",
            "shown": "La oferta pide: {wording}. Su currículum lo muestra: {quote}.",
            "confirmed": "La oferta pide: {wording}. Usted lo ha confirmado.",
            "order": "Pone primero: {what} que responden a la oferta ({named}).",
            "lines": "las líneas",
            "keywords": "las palabras clave",
            "groups": "los grupos de competencias",
            "projects": "los proyectos",
            "hide_line": "Esta línea no responde a nada de la oferta, y {count} líneas son muchas."
            " Usted decide si se omite.",
            "hide_project": "Este proyecto no responde a nada de la oferta."
            " Usted decide si se omite.",
        },
    }
)
