"""News and picture agencies of the world, and their spellings in credits, datelines and bylines.

The names are those that the agencies give themselves: the members of the European Alliance of News
Agencies (EANA), of OANA (Asia and the Pacific) and of FANA (Arab states), the African and Latin
American national agencies, and the picture agencies and stock libraries that CEPIC and DMLA list.
The country in a comment is where the agency sits.
"""

import unicodedata
from functools import lru_cache

NEWS_AGENCIES = {
    # the world
    "AFP": ("afp", "Agence France-Presse", "Agence France Presse", "a.f.p.", "АФП", "法新社", "أ ف ب", "أ.ف.ب",
            "فرانس برس"),
    "AP": ("A.P.", "Associated Press", "Assoc. Press", "AP通信", "АП", "美联社", "美聯社", "أ ب", "أسوشيتد برس"),
    "Reuters": ("Reuters", "Thomson Reuters", "rtr", "RTRS", "Рейтер", "Рейтерс", "Ройтерс", "Ρόιτερς", "路透",
                "路透社", "ロイター",
                "로이터", "로이터통신", "رويترز", "רויטרס", "रॉयटर्स", "รอยเตอร์"),
    "UPI": ("United Press International",),
    "Bloomberg": ("Bloomberg News", "彭博社", "彭博", "ブルームバーグ", "블룸버그", "بلومبرغ"),
    "Dow Jones": ("Dow Jones Newswires", "DJN"),
    "IPS": ("Inter Press Service",),
    # Europe
    "dpa": ("Deutsche Presse-Agentur", "Deutsche Presse Agentur", "dpa-AFX", "dpa-infocom", "dpa-tmn",
            "德新社"),  # Germany
    "epd": ("Evangelischer Pressedienst",),  # Germany
    "KNA": ("Katholische Nachrichten-Agentur",),  # Germany
    "SID": ("Sport-Informations-Dienst",),  # Germany
    "AFX": (),  # Germany
    "ddp": ("dapd",),  # Germany
    "APA": ("Austria Presse Agentur", "APA-OTS"),  # Austria
    "Keystone-SDA": ("Keystone", "Keystone-ATS", "KEYSTONE/SDA", "SDA", "ATS", "sda-ats",
                     "Keystone SDA"),  # Switzerland
    "EFE": ("efe", "Agencia EFE", "EPA-EFE", "EFE-EPA"),  # Spain
    "Europa Press": ("EUROPAPRESS",),  # Spain
    "Colpisa": (),  # Spain
    "Lusa": ("Agência Lusa",),  # Portugal
    "ANSA": ("ansa",),  # Italy
    "Adnkronos": (),  # Italy
    "AGI": (),  # Italy
    "askanews": (),  # Italy
    "LaPresse": (),  # Italy
    "Agenzia DIRE": ("DIRE",),  # Italy
    "ANP": ("anp", "ANP Foto"),  # Netherlands
    "Novum Nieuws": (),  # Netherlands
    "Belga": (),  # Belgium
    "PA Media": ("PA", "Press Association", "PA Wire", "PA Archive", "The Press Association",
                 "PA News Agency"),  # Britain
    "SWNS": (),  # Britain
    "NTB": ("ntb", "NTB scanpix", "Norsk Telegrambyrå", "NPK"),  # Norway
    "TT": ("TT Nyhetsbyrån", "Tidningarnas Telegrambyrå", "TT Bild"),  # Sweden
    "Ritzau": ("Ritzau Scanpix", "/ritzau/"),  # Denmark
    "STT": ("STT-Lehtikuva", "Lehtikuva"),  # Finland
    "BNS": (),  # Estonia, Lithuania
    "ELTA": (),  # Lithuania
    "LETA": (),  # Latvia
    "PAP": ("Polska Agencja Prasowa",),  # Poland
    "ČTK": ("CTK", "Česká tisková kancelář"),  # Czechia
    "TASR": (),  # Slovakia
    "SITA": (),  # Slovakia
    "MTI": ("Magyar Távirati Iroda",),  # Hungary
    "Agerpres": (),  # Romania
    "Mediafax": (),  # Romania
    "BTA": ("БТА",),  # Bulgaria
    "HINA": ("Hina",),  # Croatia
    "STA": ("Slovenska tiskovna agencija",),  # Slovenia
    "Tanjug": ("Танјуг",),  # Serbia
    "BETA": ("БЕТА",),  # Serbia
    "FoNet": (),  # Serbia
    "FENA": (),  # Bosnia and Herzegovina
    "SRNA": ("СРНА",),  # Bosnia and Herzegovina
    "MIA": ("МИА",),  # North Macedonia
    "MINA": (),  # Montenegro
    "ATSH": (),  # Albania
    "ANA-MPA": ("AMNA", "ΑΠΕ-ΜΠΕ", "ΑΠΕ", "ΑΜΠΕ"),  # Greece
    "Cyprus News Agency": ("ΚΥΠΕ",),  # Cyprus
    "Anadolu": ("Anadolu Agency", "Anadolu Ajansı", "AA", "Anadolu Images"),  # Turkey
    "DHA": ("Demirören Haber Ajansı",),  # Turkey
    "İHA": ("IHA", "İhlas Haber Ajansı"),  # Turkey
    "ANKA": (),  # Turkey
    "TASS": ("ITAR-TASS", "ТАСС", "ИТАР-ТАСС", "塔斯社", "タス通信", "타스통신", "تاس"),  # Russia
    "RIA Novosti": ("РИА Новости", "RIA", "РИА"),  # Russia
    "Sputnik": ("Спутник", "スプートニク", "سبوتنيك"),  # Russia
    "Interfax": ("Интерфакс",),  # Russia
    "Interfax-Ukraine": ("Интерфакс-Украина", "Інтерфакс-Україна"),  # Ukraine
    "Ukrinform": ("Укринформ", "Укрінформ"),  # Ukraine
    "UNIAN": ("УНИАН", "УНІАН"),  # Ukraine
    "UNN": ("УНН",),  # Ukraine
    "BelTA": ("БелТА",),  # Belarus
    "Moldpres": (),  # Moldova
    "ARMENPRESS": ("Armenpress",),  # Armenia
    "AZERTAC": ("Azərtac",),  # Azerbaijan
    "Kazinform": ("Казинформ", "Qazinform"),  # Kazakhstan
    "KABAR": ("Кабар",),  # Kyrgyzstan
    "UzA": ("УзА",),  # Uzbekistan
    # Asia and the Pacific
    "Xinhua": ("Xinhua News Agency", "新华社", "新華社", "新华网", "新華網", "Синьхуа", "شينخوا", "신화통신",
               "新華社通信"),  # China
    "China News Service": ("中新社", "中新网", "中新網", "CNS", "CNS Photo", "中国新闻社", "VCG", "视觉中国"),  # China
    "CNA": ("Central News Agency", "中央社"),  # Taiwan
    "Kyodo": ("Kyodo News", "共同", "共同通信", "共同通信社", "共同社", "교도통신", "Киодо", "كيودو"),  # Japan
    "Jiji": ("Jiji Press", "時事", "時事通信", "時事通信社", "AFP時事", "AFP-Jiji", "时事社"),  # Japan
    "Aflo": ("アフロ",),  # Japan
    "Yonhap": ("Yonhap News", "Yonhap News Agency", "연합뉴스", "연합", "聯合ニュース", "韩联社", "韓聯社",
               "يونهاب"),  # South Korea
    "Newsis": ("뉴시스",),  # South Korea
    "News1": ("뉴스1", "뉴스원"),  # South Korea
    "KCNA": ("조선중앙통신", "朝中社", "朝鮮中央通信", "ЦТАК"),  # North Korea
    "VNA": ("TTXVN", "Vietnam News Agency"),  # Vietnam
    "Antara": ("Antara Foto", "LKBN Antara"),  # Indonesia
    "Bernama": (),  # Malaysia
    "PNA": ("Philippine News Agency",),  # Philippines
    "Thai News Agency": ("สำนักข่าวไทย",),  # Thailand
    "PTI": ("Press Trust of India", "पीटीआई"),  # India
    "ANI": ("एएनआई",),  # India
    "IANS": ("आईएएनएस",),  # India
    "UNI": ("United News of India", "यूएनआई"),  # India
    "BSS": ("বাসস",),  # Bangladesh
    "UNB": ("ইউএনবি",),  # Bangladesh
    "APP": ("Associated Press of Pakistan",),  # Pakistan
    "Rastriya Samachar Samiti": ("रासस",),  # Nepal
    "AAP": ("Australian Associated Press", "AAPIMAGE", "AAP Image"),  # Australia
    # Near East
    "IRNA": ("ایرنا", "إرنا"),  # Iran
    "ISNA": ("ایسنا",),  # Iran
    "Fars News Agency": ("فارس",),  # Iran
    "Tasnim": ("تسنیم",),  # Iran
    "Mehr News Agency": ("مهر",),  # Iran
    "SPA": ("واس",),  # Saudi Arabia
    "WAM": ("وام",),  # United Arab Emirates
    "QNA": ("قنا",),  # Qatar
    "KUNA": ("كونا",),  # Kuwait
    "BNA": ("بنا",),  # Bahrain
    "ONA": ("العمانية",),  # Oman
    "Petra News Agency": ("بترا",),  # Jordan
    "SANA": ("سانا",),  # Syria
    "NNA": ("الوكالة الوطنية للإعلام",),  # Lebanon
    "WAFA": ("وفا",),  # Palestine
    "INA": ("واع",),  # Iraq
    # Africa
    "MENA": ("أ ش أ", "أ.ش.أ"),  # Egypt
    "TAP": ("وات",),  # Tunisia
    "MAP": ("ومع",),  # Morocco
    "APS": ("وأج",),  # Algeria, Senegal
    "PANA": ("Panapress",),  # Africa
    "NAN": ("News Agency of Nigeria",),  # Nigeria
    "GNA": ("Ghana News Agency",),  # Ghana
    "Ethiopian News Agency": (),  # Ethiopia
    "Kenya News Agency": (),  # Kenya
    "Nampa": ("Namibia Press Agency",),  # Namibia
    "Angop": (),  # Angola
    "ANA": ("African News Agency", "African News Agency (ANA)"),  # South Africa
    "SAnews": ("SAnews.gov.za",),  # South Africa
    "New Ziana": (),  # Zimbabwe
    # The Americas
    "The Canadian Press": ("Canadian Press", "La Presse Canadienne", "CP"),  # Canada
    "QMI": ("Agence QMI", "QMI Agency"),  # Canada
    "Notimex": (),  # Mexico
    "Cuartoscuro": (),  # Mexico
    "Prensa Latina": (),  # Cuba
    "Télam": ("Telam",),  # Argentina
    "Noticias Argentinas": (),  # Argentina
    "Agência Brasil": (),  # Brazil
    "Estadão Conteúdo": (),  # Brazil
    "Folhapress": (),  # Brazil
    "ANDINA": ("Agencia Andina",),  # Peru
    "Colprensa": (),  # Colombia
    "TNS": ("Tribune News Service",),  # United States
}  # fmt: skip
"""Canonical name -> spellings. A spelling in capitals counts in capitals only, because in lower
case it may be a word ("pa", "anka", "sana").
"""

PICTURE_AGENCIES = {
    "Getty Images": ("Getty Images", "Getty", "gettyimages", "GettyImages", "盖蒂图片社", "ゲッティ",
                     "ゲッティイメージズ",
                     "게티이미지", "게티이미지뱅크", "게티이미지코리아"),
    "iStock": ("iStockphoto", "istock.com"),
    "EPA": ("European Pressphoto Agency", "epa images"),
    "picture alliance": ("picture-alliance", "picturealliance"),
    "imago": ("imago images", "imago stock&people", "imago sport"),
    "ullstein bild": ("ullstein",),
    "akg-images": ("akg images",),
    "Shutterstock": ("Shutterstock Editorial", "shutterstock.com", "셔터스톡"),
    "Rex Features": ("REX", "REX/Shutterstock",),
    "Alamy": ("Alamy Stock Photo", "Alamy Live News"),
    "Adobe Stock": ("AdobeStock", "stock.adobe.com", "Fotolia"),
    "Depositphotos": ("Depositphotos.com",),
    "Dreamstime": ("Dreamstime.com",),
    "123RF": ("123rf.com",),
    "Freepik": (),
    "Pixabay": ("Pixabay.com",),
    "Pexels": ("pexels.com",),
    "Unsplash": ("unsplash.com",),
    "Wikimedia Commons": ("Wikimedia", "Викимедиа"),
    "Flickr": (),
    "SIPA": ("Sipa Press", "Sipa USA"),
    "ABACA": ("Abacapress",),
    "Hans Lucas": (),
    "MaxPPP": (),
    "REA": (),
    "Divergence-images": (),
    "Bestimage": (),
    "Icon Sport": ("Iconsport",),
    "Magnum Photos": ("Magnum",),
    "VII Photo": (),
    "NurPhoto": (),
    "SOPA Images": (),
    "LightRocket": (),
    "ZUMA Press": ("Zuma", "ZUMAPRESS.com", "ZUMA Wire", "Zumapress"),
    "Polaris Images": (),
    "Redux Pictures": (),
    "Bettmann": ("Bettmann Archive",),
    "Corbis": (),
    "Hulton Archive": (),
    "WireImage": (),
    "GC Images": (),
    "FilmMagic": (),
    "Everett Collection": (),
    "Backgrid": (),
    "Splash News": ("SplashNews.com",),
    "USA TODAY Sports": ("Imagn Images", "Imagn"),
    "Action Images": (),
    "Cover Images": ("Cover-Images.com",),
    "Bridgeman Images": (),
    "Mary Evans": ("Mary Evans Picture Library",),
    "Press Eye": ("PressEye",),
    "INPHO": (),
    "Sportsfile": (),
    "RollingNews.ie": ("Rolling News",),
    "Hollandse Hoogte": (),
    "Pro Shots": ("ProShots",),
    "Photo News": (),
    "LAT Images": ("Motorsport Images",),
    "Scanpix": (),
    "Bildbyrån": (),
    "Gonzales Photo": (),
    "EastNews": ("East News",),
    "Agencja Wyborcza.pl": ("Agencja Gazeta",),
    "Agencja FORUM": (),
    "Profimedia": ("Profimedia.cz", "Profimedia Images"),
    "Pixsell": (),
    "Cropix": (),
    "Inquam Photos": (),
    "Eurokinissi": (),
    "InTime News": (),
    "Fotogramma": (),
    "IPA Agency": ("Ipa-agency.net",),
    "ContactoPhoto": (),
    "GTRES": ("Gtresonline",),
    "Global Imagens": (),
    "Agencia Uno": ("Aton Chile",),
    "Visual China Group": (),
    "Flash90": ("פלאש 90", "פלאש90"),
    "Dinodia": (),
    "Gallo Images": (),
    "NASA": ("ESA", "NASA/JPL-Caltech"),
    "Maxar": ("Maxar Technologies", "Planet Labs", "Planet Labs PBC"),
}  # fmt: skip
"""The same for agencies and libraries whose names stand below pictures only."""


def agency_of(name: str) -> str | None:
    """Return the canonical name of the agency that ``name`` is a spelling of, or None.

    Full-width letters, spaces and a leading "The" make no difference. Letter case counts for
    spellings in capitals. None if ``name`` has other words too, or more than 40 characters.

    >>> agency_of("the associated press"), agency_of("DPA"), agency_of("AP")
    ('AP', 'dpa', 'AP')
    >>> agency_of("Ap"), agency_of("AFP reporter")
    (None, None)
    """
    return _agency_of(name) if len(name) <= _MAX_NAME_CHARACTERS else None


def is_picture_agency(name: str) -> bool:
    """Tell whether ``name`` is the canonical name of an agency that sells pictures and no texts."""
    return name in PICTURE_AGENCIES and name not in NEWS_AGENCIES


_MAX_NAME_CHARACTERS = 40


@lru_cache(maxsize=4096)
def _agency_of(name: str) -> str | None:
    name = " ".join(unicodedata.normalize("NFKC", name).split())
    exact, folded = _spellings()
    agency = exact.get(name) or folded.get(name.casefold())
    if agency is None and name[:4].casefold() == "the ":
        agency = exact.get(name[4:]) or folded.get(name[4:].casefold())
    return agency


@lru_cache(maxsize=1)
def _spellings() -> tuple[dict[str, str], dict[str, str]]:
    """Return (exact spelling -> canonical name, spelling in any case -> canonical name)."""
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    for table in (NEWS_AGENCIES, PICTURE_AGENCIES):
        for canonical, spellings in table.items():
            for printed in (canonical, *spellings):
                # It parts Thai vowels, as ``_agency_of`` does in the name asked for.
                spelling = unicodedata.normalize("NFKC", printed)
                if spelling.isupper():
                    exact.setdefault(spelling, canonical)
                else:
                    folded.setdefault(spelling.casefold(), canonical)
    return exact, folded
