"""Words of bylines in many languages: openings, conjunctions, roles, tasks, kinds of text.

``bylines`` applies them. Words are in lower case unless their table says otherwise. Conjunctions
follow CLDR's list patterns ("{0} and {1}"), which tests compare with this table.
"""

OPENINGS = {
    "en": "by|written by|words by|story by|text by|reported by|posted by|report by|author|authors",
    "de": "text|autor|autorin|autoren|verfasst von|ein bericht von|ein beitrag von",
    "nl": "door|auteur|auteurs|tekst|geschreven door",
    "fr": "par|texte|auteur|écrit par|propos recueillis par",
    "es ca gl": "por|texto|autora|escrito por",
    "pt": "por|texto de|escrito por",
    "it": "a cura di|autore|autrice|scritto da|testo di",
    "nb da sv": "skrevet af|skrevet av|tekst af|tekst|text av|skriven av|författare|forfatter",
    "fi et": "kirjoittaja|kirjoittanut|teksti|autor|tekst",
    "pl cs sk": "przez|autorzy|napisał|napisała|autoři|napsal|napsala",
    "hu": "írta|szerző",
    "ro": "scris de|autori",
    "hr sr sl bs": "piše|pišu|autori|napisao|napisala",
    "tr az": "yazan|haber|müəllif",
    "id ms": "oleh|penulis",
    "vi": "tác giả",
    "ru uk bg": "автор|авторы|текст|автори|пише",
    "el": "του|της|γράφει|γράφουν|συντάκτης",
    "ar fa ur": "بقلم|كتب|كتبت|الكاتب|نویسنده",
    "he": "מאת",
    "zh ja ko": "作者|文|撰文|글|執筆",
}
"""Languages -> words before the first name. A space or a colon parts them from it."""

AMBIGUOUS_OPENINGS = "von|van|de|di|da|per|av|af|från|fra|od|от|від|του|της|haber"
"""Openings that also begin names ("Di Maria", "van Gogh").

They count before a colon or "our correspondent". Otherwise they need two words with capitals or an
agency behind them. In lower case they then count before any such words, because a particle stands
before one surname only: "von Jane Doe", but "von Doe".
"""

UNSURE_OPENINGS = ("van", "de", "da", "per", "fra")
"""Ambiguous openings that also begin full names in capitals ("Van Doe Smith", "Per Arne Doe").

With a capital they count only before a colon or "our correspondent".
"""

KINDS_OF_TEXT = {
    "en": "opinion commentary comment analysis review essay column editorial interview feature report perspective post "
    "dispatch profile obituary article story explainer blog letter",
    "de": "kommentar gastkommentar analyse kolumne gastbeitrag gastkolumne interview reportage bericht beitrag glosse "
    "leitartikel essay rezension kritik porträt nachruf artikel meinung",
    "nl": "commentaar analyse column opinie opiniestuk interview recensie reportage verslag artikel verhaal bijdrage",
    "fr": "opinion analyse chronique tribune éditorial édito entretien interview reportage critique commentaire billet "
    "enquête récit portrait article",
    "es ca gl": "opinión opinió análisis anàlisi columna editorial entrevista reportaje reportatge crónica crítica "
    "reseña comentario artículo",
    "pt": "opinião análise coluna editorial entrevista reportagem crônica crítica resenha comentário artigo",
    "it": "opinione analisi commento editoriale intervista reportage recensione articolo rubrica",
    "da nb sv": "kommentar analyse analys kronik kronikk krönika leder ledare anmeldelse recension interview intervju "
    "debat debatt reportage reportasje klumme essä mening",
    "fi et": "kolumni kommentti analyysi näkökulma pääkirjoitus arvamus kommentaar",
    "pl cs sk": "opinia komentarz felieton analiza wywiad komentář názor analýza rozhovor",
    "hu ro": "vélemény elemzés interjú opinie analiză comentariu",
    "tr az": "yorum analiz görüş röportaj",
    "id ms": "opini analisis kolom laporan ulasan",
    "ru uk bg": "мнение комментарий колонка анализ интервью репортаж думка коментар",
}
"""Languages -> kinds of text. One may stand before the opening: "Opinion by A", "Kommentar: A"."""

RELEASES = (
    "published updated submitted compiled contributed created added uploaded reviewed prepared veröffentlicht "
    "aktualisiert erstellt geschrieben aufgezeichnet zusammengestellt gepubliceerd geplaatst bijgewerkt publié rédigé "
    "recueilli recueillis posté publicado actualizado redactado atualizado pubblicato redatto udgivet offentliggjort "
    "publisert oppdatert publicerad uppdaterad dipublikasikan diterbitkan"
)
"""Participles before "by" and a name: "Published by A on 20 March"."""

BY_WORDS = "by|von|van|door|par|por|oleh|af|av|przez|a cura di|ved|de|di|da|del"
"""Words between a kind of text or a participle and the name."""

CONJUNCTIONS = (
    "and|und|et|og|och|ja|ve|və|dan|та|και|kaj|és|și|si|eta|agus|ir|un|dhe|with|mit|avec|con|com|med|met|va|và|և|და|"
    "және|و|اور|और|एवं|এবং|ও|மற்றும்|आणि|र|మరియు|અને|ਅਤੇ|ಮತ್ತು|കൂടാതെ|සහ|ແລະ|እና|和|与|與|及|및"
)
"""Words between two names. They are in lower case, except in a byline all in capitals."""

SUPPORT = (
    "with files from|with reporting (?:by|from)|with additional reporting (?:by|from)|additional reporting (?:by|from)|"
    "with contributions? (?:by|from)|with information from|mit material (?:von|der|des)|mit informationen (?:von|der)|"
    "met medewerking van|met bijdragen van|avec les informations d[e']|avec l['’]agence|con información de|"
    "com informações d[aeo]|con informazioni di"
)
"""Phrases before those who helped the author, or before an agency."""

JOINED_CONJUNCTIONS = {"ar": "و", "he": "ו"}
"""Conjunctions that are written with the next word."""

NAMES_WITH_JOINED_LETTER = (
    "وليد وائل وسام وسيم وفاء وفيق وردة ورد وجدي وجيه وداد وديع وهيب وهبة وهبي وحيد واصف واصل وضاح وصفي وعد وئام "
    "ولاء وليم ويليام والي وجدان وسن وسمية ورود ולדימיר ולרי ולריה ולנטינה ונסה ורוניקה ויקי ויקטור ויקטוריה ורד ורדה "
    "וויליאם ויליאם וייס וינר ויינר ויינברג וינברג ויינשטיין ויצמן וייצמן וקנין וענונו וולף וילנר וילנאי וגנר"
)
"""Names that begin with the letter of a joined conjunction; they join nothing."""

SURNAME_CONJUNCTIONS = "y|e|i|a|en|na|ac|at|и|і"
"""Conjunctions that also stand inside a surname ("Ramón y Cajal") or before a place ("en Madrid").

They part two names only if two words follow, or if one word stands before.
"""

COMPANY_CONJUNCTIONS = frozenset({"with", "mit", "avec", "con", "com", "med", "met"})
"""Conjunctions that also stand inside the name of an outlet ("Walks with Dogs").

They part two names only if both have two words or more, or if one is an agency.
"""

ROLES = (
    "editor editors correspondent correspondents reporter reporters writer writers columnist columnists contributor "
    "contributors journalist journalists producer producers photographer editor-in-chief freelancer intern critic "
    "anchor presenter blogger commentator redakteur redakteurin redaktor redaktorin korrespondent korrespondentin "
    "korrespondenten reporterin chefredakteur chefredakteurin volontär volontärin autor autorin journalistin "
    "verslaggever verslaggeefster redacteur redactrice correspondente hoofdredacteur journaliste columniste "
    "correspondant correspondante rédacteur rédactrice envoyé envoyée chroniqueur periodista corresponsal redactor "
    "redactora reportero reportera enviado enviada columnista editora jornalista repórter colunista giornalista "
    "corrispondente inviato inviata redattore redattrice redaktør redaktör toimittaja kirjeenvaihtaja dziennikarz "
    "dziennikarka redaktorka novinář novinářka újságíró jurnalist muhabir muhabiri editör wartawan jurnalis журналист "
    "журналистка корреспондент корреспондентка обозреватель редактор журналіст журналістка кореспондент кореспондентка "
    "freelance author корреспондента корреспондентки журналиста кореспондента"
)
"""Words of a role, in lower case. Text with one is not a name behind a comma or behind "our"."""

ROLE_MODIFIERS = (
    "senior chief staff deputy associate assistant managing executive guest special contributing lead junior acting "
    "freelance foreign home affairs international national local regional political politics sports sport business "
    "economics economic finance financial health science technology tech education environment climate energy crime "
    "court courts legal culture arts entertainment music film food travel city world middle east asia africa europe "
    "us uk white house state investigative data digital online news video breaking defence defense security "
    "diplomatic religion social transport consumer money royal media opinion features general democracy"
)
"""Words beside a role, in lower case: "Senior Political Correspondent"."""

EASTERN_ROLES = (
    "기자|특파원|논설위원|편집위원|통신원|칼럼니스트|아나운서|앵커|에디터|記者|记者|特派員|特派员|編集委員|論説委員|"
    "通訊員|通讯员"
)
"""Roles behind a name in Korean, Japanese and Chinese, often without a space."""

EASTERN_DESKS = (
    "수습|인턴|선임|전문|객원|취재|온라인|시민|本報|本报|本紙|本社|实习|實習|见习|見習|特约|特約|首席|高级|資深"
)
"""Words before such a role that name nobody."""

OUTLET_WORDS = (
    "news times post herald press media magazine radio tv television today daily tribune gazette journal telegraph "
    "guardian chronicle mail star sun observer network mirror express standard independent review report digital "
    "sport sports weekly online world info zeitung nachrichten rundschau kurier anzeiger tageblatt presse krant "
    "dagblad courant blad monde figaro parisien croix matin soir diario periódico mundo país correo jornal folha globo "
    "corriere repubblica stampa gazzetta giornale avisen bladet posten tidningen sanomat lehti gazeta wiadomości "
    "noviny večer хроника газета известия ведомости новости"
)
"""Words of which most outlets have one in their name, in lower case."""

BROADCASTERS = "BBC CNN NPR CBC CBS NBC ABC PBS ARD ZDF ORF SRF VRT NOS NRK SVT DR RAI RTVE RTP NHK KBS"
"""Initials that stand alone behind a name: "Jane Doe CNN"."""

OUTLET_ARTICLES = "the die der das den dem de het le la les el il lo o a os as"
"""Articles before the name of an outlet."""

BODY_WORDS = (
    "center centre institute council fund foundation society committee association alliance campaign coalition "
    "movement office party school partnership project agency department ministry organization organisation union "
    "trust reporters journalists writers citizens friends people initiative academy university college bureau"
)
"""Words of bodies that work "for" something: "Center for Public Integrity" is one name."""

TEAMS = (
    "team",
    "desk",
    "staff",
    "board",
    "bureau",
    "newsroom",
    "department",
    "section",
    "unit",
    "crew",
    "editors",
    "redaktion",
    "redactie",
)
"""Last words of a group's name: an "and" inside such a name joins no two names."""

NOBODIES = {
    "agencies", "agency", "news agencies", "and agencies", "wire services", "wire reports", "staff", "staff reporter",
    "staff reporters", "staff writer", "our correspondent", "guest author", "web desk", "news desk", "newsdesk",
    "editors", "editor", "admin", "administrator", "redaktion", "die redaktion", "redactie", "de redactie",
    "redaktionen", "redazione", "rédaction", "la rédaction", "redacción", "la redacción", "redaksi", "redação",
    "a redação", "da redação", "di redazione", "agenturen", "agences", "agencias", "agenzie", "byråer",
}  # fmt: skip
"""Words that stand in the place of a name and name nobody, in lower case."""

TASKS = (
    "text texts texte textes texto textos testo testi tekst teksten tekster teksti words story report reporting foto "
    "fotos photo photos fotograf fotografie fotografía photographie photographs photography picture pictures bild "
    "bilder beeld kuva kuvat mynd video videos vidéo vídeo illustration illustrations illustratie grafik graphic "
    "graphics фото текст видео words reporting editing editor redigering редактор penulis redaktion "
    "bearbeitung recherche protokoll"
)
"""What a person did, before a colon or in brackets behind the name: "Text: A", "Tekst og foto: A".
"""

EASTERN_TASKS = "글·사진|取材・文|聞き手|文字|文|撰文|執筆|글"
"""Words for the text before the names of its writers in Chinese, Japanese and Korean."""

ASIDES = (
    "foto fotos photo photos fotograf fotografie fotografía photographie photographs photography picture pictures bild "
    "bilder beeld kuva kuvat mynd video videos vidéo vídeo illustration illustrations illustratie grafik graphic "
    "graphics фото видео editing editor redigering редактор redaktion bearbeitung"
)
"""Tasks of those who did not write the text. They are left out if someone else did."""

HONORIFICS = "mr mrs ms miss dr prof sir herr frau dhr mevr mw m mme mlle sr sra srta sig dott"
"""Words before a name. An "and" behind one of them alone joins no two names ("Mr. and Mrs. Smith").
"""

DEGREES = (
    "MPH MSc MS BSc BA BS DO JD DDS DMD DVM PharmD EdD PsyD DrPH LLB LLM CFA CFP CPA RD RDN LCSW LMFT FACP FRCP FRCS "
    "FCA MPP MPA MFA PA-C NP PE MBBS MBChB MSW MEd MSN OD DPT CEO"
)
"""Letters behind a name and a comma. They are degrees in exactly this letter case, else a name."""
