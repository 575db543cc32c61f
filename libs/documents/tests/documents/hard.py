"""Resumes that are hard to print or to read again, each with its language."""

from typing import Any

from resume_core.model import Resume

LONG_ADDRESS = "https://example.org/" + "a-very-long-way/" * 9


def resume(name: str, position: str, employer: str, *bullets: str, **basics: Any) -> Resume:
    """A resume with everything said twice, so that order matters."""
    work = {"name": employer, "position": position, "highlights": bullets}
    return Resume.model_validate(
        {
            "basics": {
                "name": name,
                "email": "ada@example.org",
                "phone": "+49 40 123 456",
                "location": {"city": "Haifa"},
                "url": LONG_ADDRESS,
                **basics,
            },
            "work": [
                {**work, "startDate": "2021-05"},
                {**work, "startDate": "2020-03", "endDate": "2021-04-05"},
            ],
            "education": [
                {"institution": employer, "studyType": "BSc", "area": position, "endDate": "2015"}
            ],
            "skills": [{"name": position, "keywords": ["R", "C++", "C#", ".NET", employer]}],
            "languages": [{"language": "English", "fluency": "C2"}],
        }
    )


def pages(entries: int) -> Resume:
    """A resume of many pages, with lines that differ in digits only."""
    return Resume.model_validate(
        {
            "basics": {"name": "Ada Example"},
            "work": [
                {
                    "name": f"Employer {i} Ltd",
                    "position": f"Engineer grade {i}",
                    "startDate": f"{1990 + i % 30}-01",
                    "endDate": f"{1991 + i % 30}-01",
                    "highlights": [
                        f"Task {i}.{j} was well-known cross-team work that ran for quite a while "
                        f"and saved {i * j} % of the cost, page {j} / {i}"
                        for j in range(9)
                    ],
                }
                for i in range(entries)
            ],
        }
    )


MARKUP = (
    '#include "x"',
    "*bold* _it_ `raw` $x$ @ref #ref <label>",
    "<w:p>$x$</w:p>",
    "\\ \\\\ \\n // comment /* c */ --- ... ~ [x](y) ![x](y)",
    "1. first",
    "1) first",
    "- dash",
    "+ plus",
    "# head",
    "---",
    "===",
    "~~~",
    "&amp; &lt; &copy; &#65; \"q\" 's'",
    "ends with #",
    "#",
    "-",
    "#import sys: inputs",
)
HARD: dict[str, tuple[str, Resume]] = {
    "umlauts": (
        "de",
        resume("Jörg Weißmüller", "Größenprüfer", "Öffentliche Straße", "Ärger «Maß»"),
    ),
    "ligatures": ("en", resume("Ffion", "Office affiliate", "Fjord", "Efficient ffi ﬂ shuffling")),
    "greek": (
        "el",
        resume("Γιώργος", "Μηχανικός", "Εταιρεία Αθηνών", "Μείωσα το κόστος κατά 30 %"),
    ),
    "cyrillic": ("ru", resume("Анна Ёлкина", "Инженер", "ООО «Ромашка»", "Снизила затраты")),
    "turkish": ("tr", resume("İlker Şığ", "Yazılım mühendisi", "Çağ A.Ş.", "Maliyeti %30 düşürdü")),
    "vietnamese": ("en", resume("Nguyễn Thị Ánh", "Kỹ sư", "Công ty TNHH", "Giảm chi phí 30 %")),
    "arabic": (
        "ar",
        resume(
            "ليلى الأحمد",
            "مهندسة برمجيات",
            "شركة النور للتقنية",
            "خفضت التكلفة بنسبة 30% خلال ستة أشهر وأشرفت على فريق من خمسة مهندسين في ثلاثة مواقع",
            "لا إله الأحلام والإنجازات",
            summary="مهندسة ذات خبرة عشر سنوات في بناء الأنظمة الموزعة وقيادة الفرق التقنية.",
        ),
    ),
    "hebrew": (
        "he",
        resume(
            "נועה כהן",
            "מהנדסת תוכנה",
            'חברת אור בע"מ',
            "הפחיתה עלויות ב-30% וניהלה צוות של חמישה מהנדסים בשלושה אתרים שונים",
        ),
    ),
    "mixed, from the left": (
        "en",
        resume(
            "Noa כהן", "Senior מהנדסת engineer", "Google إسرائيل Ltd", "Led פרויקט with 30% in C++"
        ),
    ),
    "mixed, from the right": (
        "he",
        resume("Noa כהן", "Senior מהנדסת", "Google Ltd", "Cut costs by 30% in 2020 with Terraform"),
    ),
    "chinese": (
        "zh",
        resume("李小龙", "高级软件工程师", "北京科技有限公司", "将成本降低了百分之三十" * 9),
    ),
    "japanese": (
        "ja",
        resume("山田太郎", "エンジニア", "株式会社テスト", "コストを30%削減し、率いた。"),
    ),
    "korean": (
        "ko",
        resume("김민수", "소프트웨어 엔지니어", "서울 테크", "비용을 30% 절감했습니다"),
    ),
    "emoji": ("en", resume("Ada 🚀", "Engineer ✨", "Acme ❤️ Ltd", "Shipped 🎉 it ✅ → done")),
    "long words": ("en", resume("Ada", "W" * 200, "Engines", "x" * 200, "a-" * 100)),
    "markup": ("en", resume(*MARKUP[:3], *MARKUP, summary="\n".join(MARKUP))),
    "twelve pages": ("en", pages(44)),
}
