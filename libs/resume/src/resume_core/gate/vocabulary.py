"""English that a truthful rewording may bring in, and words that claim something by themselves.

A rewritten line may use the words of its entry and the plain ones below: they name no employer,
skill, field, rank or result. Everything else it adds is for the person to confirm.
"""

import re
from functools import cache
from types import MappingProxyType
from typing import Final

from resume_core.text import remembered, stem, word_set

#: Verbs, connectives and general nouns and adjectives of resume prose.
PLAIN: Final = word_set(
    """able accelerate accelerated accelerating accomplish accomplished accordingly accurate
    accuracy achieve achieved achieving act acted acting active actively activity activities
    actual adapt adapted adapting add added adding addition additional address addressed
    addressing adjust adjusted adopt adopted adoption adopting advance advanced aim aimed align
    aligned aligning alignment allow allowed allowing alongside analyse analysed analysing
    analysis analyze analyzed analyzing answer answered answering apply applied applying
    approach approaches appropriate area areas around arrange arranged arranging aspect aspects
    assemble assembled assembling assess assessed assessing assist assisted assisting assistance
    attend attended available avoid avoided avoiding back base based basis become became begin
    began bring brought broad broader build building builds built busy call called capability
    capabilities capable capacity care careful carefully carried carry carrying case cases cause
    change changed changes changing check checked checking checks choose chose clarify clarified
    clean cleaned cleaning clear clearer clearly close closed closely collaborate collaborated
    collaborating collaboration collaborative collaboratively collect collected collecting
    combine combined combining come common communicate communicated communicating communication
    compare compared comparing compile compiled compiling complete completed completing complex
    comprehensive concise conduct conducted conducting connect connected connecting consider
    considered consistent consistently consistency consolidate consolidated consolidating
    construct constructed construction contain contribute contributed contributing contribution
    contributions convert converted converting coordinate coordinated coordinating coordination
    core correct corrected cover covered covering craft crafted crafting create created creating
    creation critical current currently cut cutting daily day days deal dealt decrease decreased
    decreasing dedicated define defined defining deliver delivered delivering delivers delivery
    demonstrate demonstrated demonstrating depend deploy deployed deploying deployment
    deployments design designed designing designs detail detailed details determine determined
    develop developed developing development devise devised different difficult direct directly
    discover discovered discuss discussed diverse document documented documenting documentation
    draft drafted drafting draw drive driven driving drove ease easier easily easy effect
    effective effectively effectiveness efficient efficiently efficiency effort efforts
    eliminate eliminated eliminating emphasis emphasise emphasize enable enabled enables
    enabling encourage encouraged end enhance enhanced enhancing enhancement enhancements ensure
    ensured ensures ensuring entire equip error errors establish established establishing
    evaluate evaluated evaluating evaluation everyday examine examined example execute executed
    executing execution existing expand expanded expanding experience experienced explain
    explained explaining explore explored extend extended extending extensive facilitate
    facilitated facilitating fast faster feature features feedback field find finding fit fix
    fixed fixing fixes flow focus focused focusing follow followed following form format formed
    formulate formulated found framework free frequent fresh fulfil fulfill fulfilled full fully
    function functional functions further future gain gained gaining gather gathered gathering
    general generate generated generating give gave given giving go goal goals good group groups
    grow growing grew growth guide guided guiding guidance hand handle handled handling hands
    hands-on help helped helping helps high higher highly history hold held holding identify
    identified identifying identification impact implement implemented implementing
    implementation important improve improved improves improving improvement improvements
    include included includes incorporate incorporated incorporating increase increased
    increases increasing increasingly independent independently individual inform informed
    information initiate initiated initiative initiatives input inspect inspected install
    installed installing instruct instructed integral integrate integrated integrating
    integration interact interacted interface internal introduce introduced introducing
    investigate investigated investigating involve involved involving issue issues item items
    join joined keep keeping kept key know knowledge large larger later latest lay learn learned
    learning less let level levels liaise liaised light limit limited line list live local long
    longer look low lower lowered lowering main mainly maintain maintained maintaining maintains
    maintenance major make makes making made manner manual manually many material materials
    matter maximise maximize maximized mean meaning measure measured measuring medium meet
    meeting met method methods minimal minimise minimize minimized minor mission mode modern
    modernise modernize modernized modernizing modify modified modifying monthly move moved
    moving name need needed needs new newly next notable obtain obtained offer offered offering
    often ongoing open operate operated operating operation operational operations opportunity
    opportunities optimise optimised optimising optimize optimized optimizing option options
    order ordinary organise organised organising organize organized organizing original outcome
    outcomes output outline outlined overall overhaul overhauled overhauling paired part
    participate participated participating particular particularly partner partnered partnering
    pass passed people perform performed performing performance period person personal
    personally personnel phase pick piece place placed plan planned planning plans play played
    point portion position positive possible potential practical practice practices prepare
    prepared preparing preparation present presented presenting prevent prevented preventing
    previous previously primarily primary prior prioritise prioritised prioritize prioritized
    prioritizing problem problems procedure procedures proceed process processed processes
    processing produce produced producing production productive productivity professional
    project projects promote promoted promoting prompt promptly proper properly proposal propose
    proposed protect protected protecting prove proven provide provided provides providing
    purpose put quality quick quicker quickly raise raised raising range rapid rapidly rate
    rates reach reached react ready real realise realize rearchitect rearchitected rebuild
    rebuilding rebuilt receive received recognise recognize recognized recommend recommended
    record recorded recording redesign redesigned redesigning reduce reduced reduces reducing
    reduction refactor refactored refactoring refine refined refining regular regularly
    reinforce relate related release released releases releasing relevant reliability reliable
    reliably remain remove removed removing renew reorganise reorganize reorganized repair
    repaired repeat repeatable repeated replace replaced replacing replacement report reported
    reporting represent require required requirement requirements resolve resolved resolving
    resolution respond responded responding response responsible responsibility responsibilities
    restore restored restructure restructured result resulted resulting results retain retained
    return reuse reusable review reviewed reviewing reviews revise revised revising rewrite
    rewrote rework reworked right rigorous robust role roles roll rolled rollout routine run
    running ran safe safely safeguard save saved saving savings scale scalable scaled scaling
    seamless seamlessly select selected selecting separate serve served serves serving service
    services set sets setting setup several shape shaped shaping share shared sharing short
    shorten shortened shortening show showed showing shown significant similar simple simpler
    simplify simplified simplifying single situation skill skilled skills slow small smaller
    smooth smoother smoothly solution solutions solve solved solving sort source span spanning
    spans specific specified speed spend spent stable stability stage standard standardise
    standardised standardize standardized standardizing standards start started starting state
    stay step steps store stored storing straightforward strategy strategies streamline
    streamlined streamlining strengthen strengthened strengthening strict strong structure
    structured study subject submit submitted subsequent succeed success successful successfully
    suggest suggested suit suitable summarise summarised summarize summarized supply supplied
    support supported supporting supports sustain sustained system systems tackle tackled
    tackling tailor tailored take taken taking took target targeted task tasks team teams
    technique techniques test tested testing tests thorough thoroughly throughout time timely
    times together tool tooling tools topic track tracked tracking tracks train trained training
    transfer transferred transform transformed transforming transition transitioned
    transitioning translate translated troubleshoot troubleshooting troubleshot trust turn
    turned type types typical understand understanding understood undertake undertook update
    updated updating updates upgrade upgraded upgrading usage use used useful user users uses
    utilise utilised utilising utilize utilized utilizing validate validated validating
    validation value valuable variety various verify verified verifying view visit visual way
    ways week weekly wide wider work worked working works workflow workflows write writing
    written wrote year years yearly background annual annually continuous continuously continual
    weekly across-the-board accordance acceptable accessible adjusting arising assure assured
    attention authored authoring beyond blend boost boosted boosting bolstered briefed cost
    costs cooperation crucial cutover deeper dependable easing empower empowered engage engaged
    engaging engineer engineered engineering expertise familiar favour fewer foster fostered
    fostering fuller half-day hardened hardening helped-out instrumental keen leverage leveraged
    leveraging merge merged merging migrate migrated migrating migration motivated observe
    observed overcome passionate pinpoint pinpointed pinpointing preserving producing promptly
    rewriting rolling seeking specialise specialised specialising specialize specialized
    specializing strive tuned tuning versatile wrap wrapped centred centered oriented minded
    plus comprising consisting featuring involving covering underpinning underpinned underlying
    resulting bringing whilst meanwhile thereby hence consequently additionally moreover
    furthermore particularly notably especially primarily alike accordingly per both
    respectively"""
)

#: How much of the work a verb claims, least to most.
TIERS: Final = (
    word_set(
        """contribute contributed contributing assist assisted assisting help helped helping
        support supported supporting participate participated participating aid aided shadow
        shadowed observe observed learn learned involved"""
    ),
    word_set(
        """work worked working maintain maintained maintaining use used handle handled perform
        performed operate operated update updated test tested document documented process
        processed administer administered follow followed monitor monitored prepare prepared"""
    ),
    word_set(
        """build built building develop developed developing design designed designing implement
        implemented create created engineer engineered launch launched introduce automate
        automated establish established produce produced redesign redesigned write wrote
        coordinate coordinated train trained teach taught mentor mentored rewrite rewrote
        rebuild rebuilt overhaul overhauled overhauling revamp revamped transform transformed
        restructure restructured reorganise reorganised reorganize reorganized modernise
        modernised modernize modernized select selected selecting choose chose chosen decide
        decided approve approved approving negotiate negotiated"""
    ),
    word_set(
        """lead led leading leads manage managed managing direct directed directing supervise
        supervised supervising head headed heading oversee oversaw overseeing spearhead
        spearheaded spearheading orchestrate orchestrated chair chaired architect architected
        command commanded govern governed championed champion masterminded"""
    ),
    word_set(
        """own owned owning founded founding pioneer pioneered pioneering invent invented
        inventing originated conceived"""
    ),
)
LEADING_TIER: Final = 4
#: Idioms that claim no leadership: "managed to", "leading to", "its own schema", "lead time".
NO_LEADER: Final = re.compile(
    r"\b(?:managed|leading|led|leads) to\b"
    r"|(?:\b(?:my|your|his|her|its|our|their|whose)|['\u2019]s) own\b"
    r"|\blead[ -](?:times?|generation)\b|\bcommand[ -]lines?\b",
    re.IGNORECASE,
)
#: They claim leadership as verbs alone, at the start of what is said: elsewhere "qualified leads"
#: and "direct sales" are no deeds.
VERBS_ALONE: Final = frozenset({"own", "command", "direct", "leads", "chair", "champion"})

#: What somebody is given for what they did.
HONOURS: Final = word_set(
    """award awards awarded winner winners won winning prize prizes honour honours honoured honored
    honors medal medals medallist trophy trophies nominated nominee nomination nominations finalist
    shortlisted laureate commended commendation voted elected crowned decorated distinction"""
)
#: Ranks, credentials, honours and superlatives: each is a claim of its own.
CLAIMS: Final = HONOURS | word_set(
    """phd ph.d doctorate doctoral doctor mba bachelor bachelors bachelor's degree diploma graduate
    graduated graduating certified certification certifications certificate licensed licence
    license accredited chartered patent patents patented published publication keynote speaker ceo
    cto cfo coo cio ciso chief vp svp evp president director head manager managers founder cofounder
    principal senior executive board fellow professor sole solely singlehandedly largest biggest
    best top leading fastest foremost unparalleled unmatched expert experts guru ninja master
    mastery renowned acclaimed prestigious flagship fortune multimillion summa laude
    valedictorian scholarship clearance veteran promoted promotion hired fired acquired
    acquisition ipo unicorn exclusive guaranteed zero perfect flawless global globally worldwide
    nationwide international companywide"""
)

#: Claims and reach in several words that a source must state itself.
CLAIM_PHRASES: Final = (
    "vice president",
    "co-founder",
    "single-handed",
    "single-handedly",
    "world-class",
    "award-winning",
    "record-breaking",
    "industry-leading",
    "first-ever",
    "all-time",
    "number one",
    "staff-level",
    "company-wide",
    "company wide",
    "organization-wide",
    "organisation-wide",
    "enterprise-wide",
    "industry-wide",
    "firm-wide",
    "across the company",
    "across the organization",
    "across the organisation",
    "entire company",
    "entire organization",
    "entire organisation",
    "from scratch",
    "on my own",
    "in charge of",
    "accountable for",
    "employee of the",
    "colleague of the",
    "salesperson of the",
    "named employee",
    "chief of staff",
)

#: Nouns that make a job title of the word before them.
ROLES: Final = word_set(
    """engineer developer architect programmer administrator analyst scientist designer manager
    director consultant specialist coordinator supervisor technician nurse teacher lecturer
    accountant auditor controller lawyer paralegal recruiter marketer strategist editor
    journalist buyer planner operator mechanic electrician chef officer executive assistant
    associate lead leader expert owner head advisor adviser physician surgeon pharmacist
    therapist researcher trainer instructor representative"""
)

UPWARD: Final = word_set(
    """increase increased increasing grow grew growing growth raise raised raising boost boosted
    expand expanded gain gained rose lifted lift double doubled triple tripled"""
)
DOWNWARD: Final = word_set(
    """reduce reduced reducing reduction cut cutting decrease decreased decreasing lower lowered
    lowering shrink shrank drop dropped minimize minimized minimise minimised fell decline
    declined halve halved shorten shortened trim trimmed slash slashed"""
)


#: Verbs of opposite senses: a line that changes one for the other says the contrary.
OPPOSITES: Final = tuple(
    (frozenset(map(stem, one.split())), frozenset(map(stem, other.split())))
    for one, other in (
        ("save saved saving", "waste wasted wasting lose lost losing spend"),
        ("shorten shortened cut reduce reduced", "lengthen lengthened prolong prolonged"),
        ("gain gained win won earn earned grow grew", "lose lost losing"),
        ("improve improved strengthen strengthened", "worsen worsened weaken weakened degrade"),
        ("accelerate accelerated speed sped", "slow slowed delay delayed"),
        ("simplify simplified", "complicate complicated"),
        ("open opened", "close closed shut"),
        ("prevent prevented avoid avoided", "cause caused"),
        ("pass passed", "fail failed"),
        ("accept accepted", "reject rejected refuse refused"),
        ("hire hired recruit recruited", "fire fired dismiss dismissed"),
        ("buy bought", "sell sold"),
    )
)
#: What is better when there is less of it: "improved" means less of these, more of all else.
BETTER_LESS: Final = frozenset(
    stem(word)
    for word in word_set(
        """time times duration latency delay delays cost costs expense expenses spend spending error
        errors defect defects bug bugs complaint complaints waste scrap churn turnover downtime
        outage outages incident incidents accident accidents risk risks effort consumption usage
        absence absences backlog queue wait waiting loss losses debt cycle close lead emission
        emissions rework failure failures returns noise weight price prices page load"""
    )
)
#: How often something is done: each form and the rhythm it tells.
RHYTHMS: Final = MappingProxyType(
    {"hourly": "hour", "hour": "hour", "daily": "day", "day": "day", "nightly": "night"}
    | {"night": "night", "weekly": "week", "week": "week", "biweekly": "fortnight"}
    | {"fortnightly": "fortnight", "fortnight": "fortnight", "monthly": "month", "month": "month"}
    | {"quarterly": "quarter", "quarter": "quarter", "yearly": "year", "annual": "year"}
    | {"annually": "year", "year": "year"}
)


@cache
def plain_stems() -> frozenset[str]:
    """The stems of `PLAIN` and of the verbs that claim no leadership."""
    verbs = frozenset().union(*TIERS[: LEADING_TIER - 1], UPWARD, DOWNWARD)
    return frozenset(stem(w) for w in PLAIN | verbs)


@remembered
def tier_of(word: str) -> int:
    """1 (contributed) to 5 (owned) for a word that says how much was done; else 0."""
    plain = word.casefold()
    return next((at for at in range(len(TIERS), 0, -1) if plain in TIERS[at - 1]), 0)
