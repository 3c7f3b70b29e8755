"""Rules of ``urls.canonical_url`` about the web, as data, each with its reason.

Names of query parameters are in lower case. A host stands for itself and all hosts below it, unless
the table says otherwise. ``google.*`` stands for that name under every public suffix.

A parameter belongs here only if no site is likely to tell articles apart by it. Left out on purpose
are ``id``, ``p``, ``page``, ``article``, ``story``, ``s``, ``q``, ``t``, ``v``, ``lang``, ``cid``,
``eid``, ``pid``, and ``sid`` with a short value.
"""

import re


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


TRACKER_PREFIXES = {
    "__utm": "Urchin cookies handed from domain to domain",
    "_x_tr_": "Google Translate: languages and client",
    "adroll_": "AdRoll",
    "bsft_": "Blueshift mailings",
    "dpg_": "campaign, DPG Media",
    "etcc_": "etracker campaigns",
    "fb_action_": "Facebook Open Graph actions",
    "gaa_": "Google Extended Access, a reader's entitlement",
    "gca-": "link position, Gannett",
    "gnt-": "link position, Gannett",
    "guce_": "Yahoo consent page",
    "hmb_": "campaign, Humble Bundle",
    "hsa_": "HubSpot ads",
    "lmd_": "campaign, Le Monde",
    "matomo_": "Matomo campaign",
    "mtm_": "Matomo campaign",
    "piwik_": "Matomo campaign, its former name",
    "relatedposts_": "link position, Jetpack",
    "sara_": "link origin, Spiegel",
    "sfmc_": "Salesforce Marketing Cloud",
    "sharer_share": "WeChat share",
    "spot_im_": "OpenWeb comments",
    "utm-": "campaign, misspelt",
    "utm_": "Urchin and Google Analytics campaign",
    "wt.": "WebTrends",
}
"""Beginnings of names that families of trackers share.

A family is here only if its beginning has no other meaning. ``at_id`` or ``wt_id`` may number an
article, so the names of those families are listed in ``TRACKER_NAME``.
"""

TRACKERS = {
    ".tsrc": "link origin, Yahoo",
    "__grrn": "Gemius cookie check",
    "__grsc": "Gemius cookie check",
    "__grts": "Gemius cookie check",
    "__grua": "Gemius cookie check",
    "__hsfp": "HubSpot fingerprint",
    "__hssc": "HubSpot session",
    "__hstc": "HubSpot visitor",
    "__s": "Drip subscriber",
    "__source": "link origin, CNBC",
    "__tn__": "Facebook link position",
    "__twitter_impression": "Twitter app",
    "__vfz": "Vuukle share",
    "_branch_match_id": "Branch deep link",
    "_branch_referrer": "Branch deep link",
    "_bta_c": "Bronto mailing",
    "_bta_tid": "Bronto mailing",
    "_cio_id": "Customer.io recipient",
    "_ef_transaction_id": "Everflow click id",
    "_ga": "Google Analytics client id, between domains",
    "_gac": "Google Ads click, between domains",
    "_gl": "Google linker",
    "_guc_consent_skip": "Yahoo consent page",
    "_hsenc": "HubSpot e-mail id",
    "_hsmi": "HubSpot mailing id",
    "_ke": "Klaviyo recipient",
    "_kx": "Klaviyo recipient",
    "_openstat": "Openstat campaign",
    "action_object_map": "Facebook Open Graph action",
    "action_ref_map": "Facebook Open Graph action",
    "action_type_map": "Facebook Open Graph action",
    "adobe_mc": "Adobe visitor id, between domains",
    "adobe_mc_ref": "Adobe visitor id, between domains",
    "adobe_mc_sdid": "Adobe visitor id, between domains",
    "amp_ct": "AMP viewer",
    "amp_gsa": "AMP viewer",
    "amp_js_v": "AMP viewer",
    "amp_r": "AMP viewer: the page that linked",
    "amp_tf": "AMP viewer",
    "amplified": "asks for the AMP page, Der Standard",
    "awc": "Awin click id",
    "bd_vid": "Baidu click id",
    "bxid": "Condé Nast recipient",
    "cftoken": "session id of ColdFusion",
    "cjdata": "Commission Junction",
    "cjevent": "Commission Junction click id",
    "ck_subscriber_id": "Kit, formerly ConvertKit, recipient",
    "cm_ite": "IBM Digital Analytics, formerly Coremetrics",
    "cm_mmc": "IBM Digital Analytics",
    "cm_re": "IBM Digital Analytics",
    "cm_sp": "IBM Digital Analytics",
    "cm_ven": "IBM Digital Analytics",
    "cmpid": "campaign id",
    "cndid": "Condé Nast recipient",
    "cto_pld": "Criteo",
    "dclid": "Google Display click id",
    "dcmp": "campaign, British broadcasters",
    "dicbo": "Outbrain click id",
    "dm_i": "Dotdigital mailing",
    "doing_wp_cron": "WordPress, set off by a visit",
    "ef_id": "Adobe Advertising click id",
    "echobox": "Echobox post",
    "elq": "Oracle Eloqua recipient",
    "elqaid": "Oracle Eloqua asset",
    "elqat": "Oracle Eloqua asset type",
    "elqcampaignid": "Oracle Eloqua campaign",
    "elqtrack": "Oracle Eloqua",
    "elqtrackid": "Oracle Eloqua link",
    "epik": "Pinterest click id",
    "erid": "mark that Russian law requires on advertisements",
    "esrc": "sign-up origin, Condé Nast",
    "et_cid": "Salesforce ExactTarget mailing",
    "et_rid": "Salesforce ExactTarget recipient",
    "fb_ref": "Facebook share",
    "fb_source": "Facebook link position",
    "fbclid": "Facebook click id",
    "feedname": "name of the feed, Reuters",
    "feedtype": "kind of feed, Reuters",
    "fsrc": "link origin, The Economist",
    "ftag": "feed mark, CBS Interactive",
    "ftcamp": "campaign, Financial Times",
    "ga_campaign": "Google Analytics, older form",
    "ga_content": "Google Analytics, older form",
    "ga_medium": "Google Analytics, older form",
    "ga_source": "Google Analytics, older form",
    "ga_term": "Google Analytics, older form",
    "gad_campaignid": "Google Ads campaign",
    "gad_source": "Google Ads source",
    "gbraid": "Google Ads click id, app",
    "gclid": "Google Ads click id",
    "gclsrc": "Google Ads click source",
    "guccounter": "Yahoo consent page",
    "hootpostid": "Hootsuite post",
    "hsctatracking": "HubSpot button",
    "ico": "link position, Mail Metro Media",
    "ig_mid": "Instagram visitor",
    "ig_rid": "Instagram visitor",
    "igsh": "Instagram share id",
    "igshid": "Instagram share id",
    "inf_contact_key": "Keap, formerly Infusionsoft, recipient",
    "int_campaign": "internal campaign",
    "int_cid": "internal campaign id",
    "int_medium": "internal campaign",
    "int_source": "internal campaign",
    "intcid": "internal campaign id",
    "intcmp": "internal campaign",
    "irclickid": "Impact click id",
    "irgwc": "Impact click mark",
    "isappinstalled": "WeChat share",
    "ito": "link origin, Mail Metro Media",
    "jsessionid": "session id of Java servlets",
    "k_clickid": "Skai, formerly Kenshoo, click id",
    "leadsource": "link origin, Bloomberg",
    "li_fat_id": "LinkedIn click id",
    "li_medium": "LiftIgniter recommendation",
    "li_source": "LiftIgniter recommendation",
    "lici": "LinkedIn link position",
    "link_location": "link position, BBC",
    "lipi": "LinkedIn link position",
    "maca": "feed and campaign mark, Deutsche Welle",
    "mbid": "campaign, Condé Nast",
    "mc_cid": "Mailchimp campaign id",
    "mc_eid": "Mailchimp recipient id",
    "mc_tc": "Mailchimp",
    "mi_u": "Movable Ink recipient",
    "mindbox-click-id": "Mindbox click id",
    "mindbox-message-key": "Mindbox mailing",
    "mibextid": "Facebook app share",
    "midsig": "LinkedIn mailing",
    "midtoken": "LinkedIn mailing",
    "mkt_tok": "Marketo recipient token",
    "mktcid": "campaign, Neue Zürcher Zeitung",
    "mktcval": "campaign, Neue Zürcher Zeitung",
    "mkwid": "Marin Software",
    "ml_subscriber": "MailerLite recipient",
    "ml_subscriber_hash": "MailerLite recipient",
    "msclkid": "Microsoft Ads click id",
    "msdynttrid": "Microsoft Dynamics mailing",
    "msockid": "Microsoft visitor",
    "n_ad": "Naver Ads",
    "n_ad_group": "Naver Ads",
    "n_cid": "campaign, Nikkei",
    "n_keyword": "Naver Ads",
    "n_keyword_id": "Naver Ads",
    "n_media": "Naver Ads",
    "n_query": "Naver Ads",
    "n_rank": "Naver Ads",
    "nr_email_referer": "NationBuilder mailing",
    "ns_campaign": "Comscore campaign",
    "ns_fee": "Comscore fee",
    "ns_linkname": "Comscore link name",
    "ns_mchannel": "Comscore channel",
    "ns_source": "Comscore source",
    "nsukey": "WeChat visitor",
    "ob_click_id": "Outbrain click id",
    "obclid": "Outbrain click id",
    "obref": "Outbrain",
    "obrigurl": "Outbrain",
    "ocid": "campaign, Microsoft and BBC",
    "oly_anon_id": "Omeda visitor",
    "oly_enc_id": "Omeda recipient",
    "outbrainclickid": "Outbrain click id",
    "phpsessid": "session id of PHP",
    "pk_campaign": "Matomo campaign",
    "pk_cid": "Matomo campaign",
    "pk_content": "Matomo campaign",
    "pk_cpn": "Matomo campaign",
    "pk_keyword": "Matomo campaign",
    "pk_kwd": "Matomo campaign",
    "pk_medium": "Matomo campaign",
    "pk_source": "Matomo campaign",
    "pk_vid": "Matomo visitor",
    "raneaid": "Rakuten Advertising",
    "ranmid": "Rakuten Advertising",
    "ransiteid": "Rakuten Advertising",
    "rb_clickid": "click id, Russian ad networks",
    "rdt_cid": "Reddit click id",
    "ref_src": "link origin, Twitter embeds",
    "ref_url": "the page that linked, Twitter embeds",
    "referrer": "the page that linked",
    "referringsource": "link origin, New York Times",
    "refresh_ce": "page that reloads itself, RCS MediaGroup",
    "refresh_ce-cp": "page that reloads itself, RCS MediaGroup",
    "replytocom": "comment form, WordPress",
    "rssfeed": "feed mark, Gannett",
    "s_cid": "Adobe Analytics campaign",
    "s_kwcid": "Adobe Advertising keyword",
    "sc_campaign": "campaign, Adobe",
    "sc_channel": "campaign, Adobe",
    "sc_cid": "Snapchat and Adobe click id",
    "sc_eh": "Emarsys recipient",
    "sc_lid": "Emarsys link",
    "sc_llid": "Emarsys mailing",
    "sc_src": "Emarsys mailing",
    "sc_uid": "Emarsys recipient",
    "sccid": "Snapchat click id",
    "scm": "Alibaba link position",
    "sfnsn": "Facebook share",
    "sharetoken": "share by a subscriber",
    "smclient": "SALESmanago recipient",
    "smconv": "SALESmanago mailing",
    "smid": "share id, New York Times",
    "smtyp": "share kind, New York Times",
    "soc_src": "share, Yahoo",
    "soc_trk": "share, Yahoo",
    "spjobid": "Acoustic, formerly Silverpop, mailing",
    "spm": "Alibaba link position",
    "spm_id_from": "link position, Bilibili",
    "spmailingid": "Acoustic mailing",
    "spreportid": "Acoustic mailing",
    "spuserid": "Acoustic recipient",
    "srnd": "link position, Bloomberg",
    "srsltid": "Google Merchant Center click id",
    "ss_campaign_id": "SharpSpring mailing",
    "ss_email_id": "SharpSpring recipient",
    "ss_source": "SharpSpring",
    "sscid": "ShareASale click id",
    "taboolaclickid": "Taboola click id",
    "tblci": "Taboola click id",
    "tduid": "Tradedoubler click id",
    "tpcc": "campaign, TechCrunch",
    "trackingcode": "campaign",
    "traffic_medium": "link origin, Al Jazeera",
    "traffic_source": "link origin, Al Jazeera",
    "trk_contact": "Listrak recipient",
    "trk_module": "Listrak mailing",
    "trk_msg": "Listrak mailing",
    "trk_sid": "Listrak mailing",
    "tsrc": "link origin, Yahoo",
    "ttclid": "TikTok click id",
    "twclid": "Twitter click id",
    "twitter_impression": "Twitter app",
    "unlocked_article_code": "gift link, New York Times",
    "usqp": "AMP viewer",
    "utm": "campaign, shortened by hand",
    "vd_source": "share, Bilibili",
    "vero_conv": "Vero conversion",
    "vero_id": "Vero recipient id",
    "vgo_ee": "ActiveCampaign recipient",
    "virtualbrandchannel": "link origin, Reuters",
    "wbraid": "Google Ads click id, web",
    "wickedid": "Wicked Reports click id",
    "wickedsource": "Wicked Reports",
    "wpisrc": "link origin, Washington Post",
    "wpmm": "mailing, Washington Post",
    "wprss": "feed mark, Washington Post",
    "wtmc": "Webtrekk campaign",
    "wtrid": "Webtrekk recommendation",
    "xing_share": "share, Xing",
    "xtcr": "AT Internet, place in a list of results",
    "xtor": "AT Internet campaign",
    "xtref": "AT Internet, the page that linked",
    "yclid": "Yandex click id",
    "ymclid": "Yandex Market click id",
    "yptr": "link origin, Yahoo",
    "ysclid": "Yandex search click id",
    "zanpid": "Zanox click id",
}
"""Query parameters that tell how a reader came, and never what is read."""

TRACKER_NAME = re.compile(
    r"sf\d{6,}"  # SocialFlow
    r"|aspsessionid[a-z]{8}"  # session id of classic ASP
    r"|cm_mmca\d+"  # IBM Digital Analytics attributes
    # Piano Analytics, formerly AT Internet
    r"|at_(?:medium|campaign(?:_(?:type|group))?|custom\d*|variant|format|creation|channel|network|platform|ptr_name"
    r"|link(?:_(?:id|type|origin))?|(?:general|detail)_placement|emailtype|send_(?:date|time)|recipient_(?:id|list)"
    r"|identifier|type|term|keyword|advertiser|bbc_team)"
    # Piano, formerly Cxense: recommended and tested links
    r"|cx_(?:click|test(?:id|variant)?|artpos|tag|navsource|recs(?:order|widget)?|experienceid|features|rec[-_]?type)"
    # internal campaign, in the manner of utm_
    r"|itm_(?:source|medium|campaign|content|term|audience|channel|segment)"
    # Webtrekk, now Mapp
    r"|wt_(?:z?mc|ga|kw|mk|t|cc?\d*|nav|eid|source|campaign|medium|ref)"
)
"""Trackers with a number in their name, and names of families that other parameters could share."""

CAMPAIGNS = (
    # a number of a campaign, which alone may be the number of something else
    ("cmp", re.compile("utm_")),
    # Piano Analytics: both are mandatory, and a site names the others itself
    ("at_", re.compile("at_(?:medium|campaign)=")),
)
"""(beginning of a name, another parameter): the first is a tracker if the second is there too."""

_FEED = r"rss(?:[-_.:/][-_.:/\w]*|feeds?|\d+)?|feeds?|atom|feedburner|feedly"
_POST = r"newsletters?|e-?mail|mailing|nl[-_](?!(?:nl|be)\Z).+"
_NETWORK = (
    r"facebook|twitter|x|whatsapp|telegram|linkedin|reddit|pinterest|tumblr|instagram|flipboard"
    r"|pocket|email|print|skype"
)
# Sites in Korea call the bars of a page gnb, lnb and snb: global, local and side navigation.
_PLACE = (
    r"(?:footer|header|nav|navi|navbar|navigation|[gls]nb|menu|sidebar|logo|home|homepage|hp|banner|breadcrumb"
    r"|teaser|widget)(?:[-_.:].*)?"
)
_SESSION = r"[0-9a-z]{20,}"
# Ghost: the site of the newsletter, and not a file.
_SITE = r"(?:[a-z0-9-]+\.)+(?!html?|[jx]?html|php|aspx?|jsp|cgi|xml|json|txt|pdf)[a-z]{2,}"

TRACKER_VALUES = {
    "_amp": re.compile("|1|true"),
    "_format": re.compile("amp(?:html)?"),
    "amp": re.compile("|1|true|yes"),  # asks for the AMP page of the same article
    "cmp": re.compile(f"{_FEED}|share_.*|soc_.*"),  # campaign: from a feed, or from the Guardian's share buttons
    "display": re.compile("amp(?:html)?"),
    "emc": re.compile("rss|edit_.*|eta1"),  # New York Times: from a feed, a mailing or an e-mailed article
    "format": re.compile("amp(?:html)?"),
    # the three kinds of share of WeChat; Times of India
    "from": re.compile(f"{_FEED}|{_POST}|timeline|singlemessage|groupmessage|mdr"),
    "icid": re.compile(_FEED),
    "iid": re.compile(f"{_FEED}|{_POST}|{_PLACE}"),
    "is_amp": re.compile("1|true"),
    "isamp": re.compile("1|true"),
    "layout": re.compile("amp(?:html)?"),
    "medium": re.compile(_FEED),
    "mode": re.compile("amp(?:html)?"),
    "mod": re.compile(f"{_FEED}|rss_.*|djem.*"),  # Dow Jones: feeds and mailings
    "noamp": re.compile("1|true|mobile"),
    "nonamp": re.compile("1|true"),
    "origin": re.compile(_FEED),
    "output": re.compile("amp(?:html)?"),
    "outputtype": re.compile("amp.*"),  # Arc XP: also "amp-type" and "ampall"
    "output-type": re.compile("amp"),
    "partner": re.compile(_FEED),
    "print": re.compile("print"),  # WP-Print
    "r": re.compile(_FEED),
    "ref": re.compile(f"{_FEED}|{_POST}|{_PLACE}|{_NETWORK}|{_SITE}"),
    "rsf": re.compile("syn:.*"),  # syndication, REA Group
    "rss": re.compile("|1|true|yes"),
    "s": re.compile("[0-9a-f]{32}"),  # session id of vBulletin
    "sessid": re.compile(_SESSION),
    "sessionid": re.compile(_SESSION),
    "session_id": re.compile(_SESSION),
    "share": re.compile(_NETWORK),  # Jetpack's buttons
    "sid": re.compile("[0-9a-f]{32}"),  # session id of phpBB
    "source": re.compile(f"{_FEED}|{_POST}|{_PLACE}"),
    "src": re.compile(f"{_FEED}|{_POST}|{_PLACE}"),
    "template": re.compile("amp(?:html)?"),
    "track": re.compile(_FEED),
    "via": re.compile(f"{_FEED}|{_NETWORK}|{_SITE}"),
    "view": re.compile("amp"),
    "xid": re.compile(f"{_FEED}|rss[-_].*"),
}
"""Parameters that are trackers only with such a value, in lower case.

With another value they may name the article.
"""

TRACKER_PATHS = {
    "s": re.compile(r"\.php/?\Z"),
    # elsewhere it may be the number of a story, if the path has no other number
    "sid": re.compile(r"\.php/?\Z|[0-9][^/]*/?\Z"),
}
"""What the path must also match before a parameter of ``TRACKER_VALUES`` is removed."""

ORIGINS = {
    "campaign": "campaign",
    "campaign_id": "campaign",
    "campaignid": "campaign",
    "cmp": "campaign",
    "from": "link origin",
    "icid": "internal campaign id",
    "mod": "link position, Dow Jones",
    "newsletter": "mailing",
    "origin": "link origin",
    "partner": "who passed the link on",
    "recommendation": "link origin",
    "ref": "link origin",
    "refer": "link origin",
    "referer": "the page that linked",
    "source": "link origin",
    "share": "share",
    "src": "link origin",
    "tracking": "link origin",
    "trk": "link position",
    "via": "link origin",
    "xid": "link origin",
}
"""Parameters that may choose among the pages of a list. They go if the path already names one
article.

A parameter that is only a number always stays.
"""

HOST_TRACKERS = {
    "163.com": "spss spsnuid spsdevid spsvid spstrackid spsw spsf",  # NetEase app shares
    "abc.es": "vca vso vmc vli vtm",  # Vocento campaigns
    "asahi.com": "iref ref",
    "baijiahao.baidu.com": "wfr for",
    "barrons.com": "mod siteid reflink tesla",
    "bbc.co.uk": "intlink_from_url link_source",
    "bbc.com": "intlink_from_url link_source",
    "blogspot.*": "m",  # chooses the layout
    "bloomberg.com": "sref in_source",
    "boston.com": "p1 s_campaign",
    "bostonglobe.com": "p1 s_campaign",
    "cnbc.com": "par",
    "cnn.com": "hpt iref iid eref sr cid date profile",
    "facebook.com": "ref refsrc fref hc_ref hc_location rdid share_url notif_t notif_id",
    "faz.net": "rfextension gepc",
    "ft.com": "segmentid sharetype",
    "indiatimes.com": "from pcode",
    "lastampa.it": "ref",  # GEDI: link position
    "linkedin.com": "trk trkinfo trkemail originalsubdomain refid trackingid",
    "marketwatch.com": "mod siteid reflink",
    "medium.com": "source gi",
    "msn.com": "cvid ei pc",
    "ndtv.com": "pfrom",
    "news.com.au": "sv",
    "news.google.com": "oc hl gl ceid",
    "npr.org": "ft f",
    "nytimes.com": "_r action algo block campaign_id clicksource contentcollection contentplacement hp imp_id "
    "impression_id "
    "instance_id login mcubz module mwrsm nl partner pgid pgtype ref referer region regi_id req_id rref segment_id "
    "smvar src surface te "
    "user_id variant",
    "open.spotify.com": "si",
    "realestate.com.au": "rsf",
    "reddit.com": "share_id rdt",
    "repubblica.it": "ref",  # GEDI: link position
    "reuters.com": "rpc il sp taid",
    "sina.cn": "vt wm cre loc rfunc tj tr",
    "sina.com.cn": "cre loc rfunc tj tr",
    "sohu.com": "_f _trans_",
    "soundcloud.com": "si",
    "substack.com": "isfreemail triedredirect showwelcomeonshare r",
    "telegraph.co.uk": "mobile",
    "theguardian.com": "filterkeyevents dcr",
    "tiktok.com": "_r _t is_copy_url is_from_webapp sender_device web_id",
    "time.com": "iid",
    "twitter.com": "s t cn",
    "washingtonpost.com": "itid tid hpid nid tidr s_l",
    "welt.de": "cid",  # campaign; the path has the number of the article
    "wsj.com": "mod siteid reflink tesla st",
    "x.com": "s t cn",
    "yahoo.com": "ncid",
    "yna.co.kr": "input site",
    "youtube.com": "feature si pp ab_channel",
}
"""Parameters that are trackers on these sites only, separated by spaces."""

ITEM_WORDS = _words(
    "id aid nid pid post posts entry item block update event message msg key live liveblog ticker liveticker minute "
    "article story news doc document page issue edition bulletin brief "
    # status pages, changelogs, and comments, which are entries of feeds too
    "incident version release alert notice advisory comment commentid kommentar comentario commentaire commento "
    "reactie reaction komentarz yorum "
    # where anchors have names in the language of the site
    "artikel beitrag eintrag meldung nachricht bericht berichten nieuws breve actu nouvelle billet articulo noticia "
    "nota entrada articolo notizia artigo materia wpis wiadomosc artykul clanek zprava haber yazi hir cikk uutinen "
    "nyhet inlagg innlegg indlaeg"
)
"""Words in a fragment that, with an id, name one item of a page that has many.

Such pages are live pages, editions, tickers, changelogs and the comments on an article. The item
may also be the page that a script draws.
"""

ITEM_WORD_ENDINGS = ("id", "no", "nr", "num")
"""Endings that may be joined to such a word: "articleid", "storyNo"."""

NO_ITEM_WORDS = _words(
    "comments kommentare kommentarer comentarios commentaires commenti reacties reactions reakcje komentarze yorumlar "
    "opinion opiniones respond reply replies disqus discussion livefyre cmt toc fn fnref ref refs cite note "
    "footnote endnote heading header footer section chapter kapitel paragraph para line table fig figure anchor "
    "slide slideshow photo foto image img pic picture bild gallery galerie video audio player xtor echobox rss feed "
    "utm share sharer tbl sthash"
)
"""Words in a fragment that always name all comments, a place or picture in one article, or a
tracker.
"""

BARE_ITEM = re.compile(
    r"\d{5,}|(?:19|20)\d\d-\d\d|(?:.*[^0-9])?(?:19|20)\d\d-\d\d-\d\d(?:[^0-9].*)?|v\d[\w.-]*|\d+(?:\.\d+)+[\w.-]*"
    r"|[0-9a-f]{24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
"""Fragments that are only an id: a long number, a date, a version, MongoDB's ObjectId, a UUID."""

NOISE = re.compile(
    r"(?:comments|kommentare|kommentarer|comentarios|commentaires|commenti|reacties|reactions|reakcje|komentarze|yorumlar"
    r"|respond|reply|replies|disqus|discussion|livefyre|rss|feed|share|sharer|more)"
    r"(?:[-_/]?(?:\d+|area|form|list|section|thread|title|wrapper))?|top"
)
"""Fragments that never tell articles apart: the comments of an article, the share buttons, feeds,
the place where its second part begins, and its top (HTML Standard, "Scrolling to a fragment")."""

LIVE_PAGE = re.compile(
    r"(?<![a-z])(?:live|liveblogg?|live-?ticker|ticker|newsticker|en-direct|direct"
    r"|en-vivo|directo|minuto-a-minuto|ao-vivo|aovivo|diretta)(?![a-z])"
)
"""In a path: a page of many items, each named by a fragment with a number."""

ONE_DOCUMENT = re.compile(r"\.(?:pdf|mp[34]|m4[av]|webm|ogg)\Z")
"""Files in which a fragment only chooses the place (RFC 8118, W3C Media Fragments)."""

AMP_SEGMENTS = frozenset({"amp", "amphtml"})
"""Segments of a path that ask for the AMP page, if another segment names the article."""

OWN_AMP_SEGMENTS = frozenset({"tnamp"})
"""The same with a name that is no word, so that any path without it is the article: The Nation."""

AMP_ROUTES = {
    "/google/amp/": "Globo",
    "/platform/amp/": "Vox Media's Chorus",
}
"""Beginnings of a path that ask for the AMP page."""

_EXTENSION = r"(?=(?:\.(?:[a-z]?html?|php|aspx?|cms|ece|jsp))?\Z)"

BEHIND_ID = "behind an id"

AMP_FORMS = (
    (re.compile(r"/index\.amp\Z"), "/"),
    (re.compile(r"/index[-_]amp(?=\.html?\Z)"), "/index"),
    # not before a dot, because a dot segment would remain
    (re.compile(r"(?<=[^/.~!])(?<!/amp)(?:[.~!]amp(?:html)?)+" + _EXTENSION), ""),
    (re.compile(r",amp(?=\.html?\Z)"), ""),  # Tribune Publishing
    (re.compile(r",view=amp(?=\.[a-z]+\.html\Z)"), ""),  # Bild
    # only behind a number or UUID of an article: "guitar-amp" may be a page of its own
    (re.compile(r"(?:(?<=[0-9]{6})|(?<=-[0-9a-f]{12}))-amp" + _EXTENSION), ""),
    (re.compile(r"(?<=[0-9a-z])_amp(?=\.s?html?\Z)"), BEHIND_ID),
    (re.compile(r"(?<=[^/.])\.html?(?:/alt=amp\.html?)+\Z"), ".html"),  # Sophora, at rbb
    (re.compile(r"(?<=/)amp_(?=[a-z]+/[0-9]+\.cms\Z)"), ""),  # Times Internet: amp_articleshow/12345.cms
)
"""(the part of a path that asks for the AMP page, its replacement).

BEHIND_ID: the part is removed, but only if the last segment also has the number or UUID of an
article.
"""

AMP_HOST_ROUTES = {
    "amp.cnn.com": ("/cnn/", "/"),
    "amp.rbc.ru": ("/rbcnews/", "/"),
}
"""The beginning of the path on an AMP host, and on the host that it stands for."""

AMP_ENDINGS = dict.fromkeys(
    ("financialexpress.com", "indianexpress.com", "jansatta.com", "loksatta.com"),
    re.compile(r"(?<=[^/])(?:/lite)+(?=/?\Z)"),
)
"""The Indian Express group's name for the AMP page, at the end of the path."""

PANGEA_HOSTS = frozenset({
    "amerikaninsesi.org", "amerikaovozi.com", "amerikiskhma.com", "azadiradio.com", "azadliq.org", "azathabar.com",
    "azatliq.org", "azattyk.org", "azattyq.org", "azatutyun.am", "chastime.com", "currenttime.tv",
    "dandalinvoa.com", "darivoa.com", "europalibera.org", "evropaelire.org", "glasamerike.net", "golosameriki.com",
    "holosameryky.com", "idelreal.org", "kavkazr.com", "krymr.com", "mashaalradio.com", "ozodi.org", "ozodlik.org",
    "pashtovoa.com", "radiofarda.com", "radiosvoboda.org", "radiotavisupleba.ge", "rferl.org", "severreal.org",
    "sibreal.org", "slobodnaevropa.mk", "slobodnaevropa.org", "svaboda.org", "svoboda.org", "svobodnaevropa.bg",
    "szabadeuropa.hu", "urduvoa.com", "voaafrique.com", "voabangla.com", "voacambodia.com", "voachinese.com",
    "voahausa.com", "voaindonesia.com", "voakorea.com", "voanews.com", "voanoticias.com", "voaportugues.com",
    "voashona.com", "voaswahili.com", "voathai.com", "voatiengviet.com", "voaturkce.com", "zeriamerikes.com",
})  # fmt: skip
"""Outlets of the U.S. Agency for Global Media, whose system is Pangea.

The AMP page of ``/a/7.html`` is ``/amp/7.html``.
"""

AMP_PARAMETERS = frozenset(
    {"_amp", "_format", "amp", "amplified", "display", "format", "is_amp", "isamp", "layout", "mode", "output"}
    | {"output-type", "outputtype", "template", "view"}
)
"""Trackers that ask for the AMP page."""

MOBILE_LABELS = frozenset({"m", "mobile", "amp", "touch", "wap", "mob", "mobil"})
"""First labels of hosts for small screens. The host of an AMP page becomes the site's.

For other pages, only ``MOBILE_HOSTS`` do: elsewhere ``m.`` and ``www.`` may number pages
differently.
"""

BARE_HOSTS = frozenset({"elpais.com", "lenta.ru", "meduza.io", "nos.nl", "scroll.in", "techcrunch.com", "variety.com"})
"""Sites without ``www``."""

MOBILE_HOSTS = {
    "m.facebook.com": "www.facebook.com",
    "m.faz.net": "www.faz.net",
    "m.gazeta.ru": "www.gazeta.ru",
    "m.huffpost.com": "www.huffpost.com",
    "m.imdb.com": "www.imdb.com",
    "m.lenta.ru": "lenta.ru",
    "m.sfgate.com": "www.sfgate.com",
    "m.spiegel.de": "www.spiegel.de",
    "m.yna.co.kr": "www.yna.co.kr",
    "m.youtube.com": "www.youtube.com",
    "mbasic.facebook.com": "www.facebook.com",
    "mobile.abc.net.au": "www.abc.net.au",
    "mobile.lemonde.fr": "www.lemonde.fr",
    "mobile.nytimes.com": "www.nytimes.com",
    "mobile.reuters.com": "www.reuters.com",
    "mobile.twitter.com": "twitter.com",
    "mobile.x.com": "x.com",
}
"""Mobile hosts with the paths of the site, as its redirects or rel=canonical show."""

WIKIMEDIA_MOBILE = re.compile(
    r"(?P<language>[a-z-]+)\.m\.(?P<project>(?:wikipedia|wikinews|wiktionary|wikibooks"
    r"|wikiquote|wikisource|wikivoyage|wikiversity)\.org)"
)
"""MediaWiki's MobileFrontend at Wikimedia: the same pages under ``en.m.wikipedia.org``."""

REDIRECTORS: dict[str, tuple[tuple[str, str], ...]] = {
    "12ft.io": (("/proxy", "q"),),
    "adclick.g.doubleclick.net": (("/", "adurl"),),
    "apps.facebook.com": (("/flx/warn/", "u"),),
    "away.vk.com": (("/away.php", "to"),),
    "awin1.com": (("/cread.php", "ued"), ("/cread.php", "p")),
    "bing.com": (("/news/apiclick.aspx", "url"),),
    "c.pc.qq.com": (("/middle", "pfurl"), ("/middle", "url")),
    "checklink.mail.ru": (("/proxy", "url"),),
    "click.linksynergy.com": (("/deeplink", "murl"), ("/fs-bin/click", "rd_parm1")),
    "click.mail.ru": (("/redir", "u"),),
    "clicktime.symantec.com": (("/", "u"),),
    "clk.tradedoubler.com": (("/click", "url"),),
    "deref-gmx.net": (("/", "redirecturl"),),
    "deref-mail.com": (("/", "redirecturl"),),
    "deref-web.de": (("/", "redirecturl"),),
    "douban.com": (("/link2/", "url"),),
    "duckduckgo.com": (("/l/", "uddg"),),
    "exit.sc": (("/", "url"),),
    "facebook.com": (("/l.php", "u"), ("/flx/warn/", "u")),
    "flipboard.com": (("/redirect", "url"),),
    "gate.sc": (("/", "url"),),
    "getpocket.com": (("/redirect", "url"),),
    "go.bsky.app": (("/redirect", "u"),),
    "go.redirectingat.com": (("/", "url"),),
    "go.skimresources.com": (("/", "url"),),
    "google.*": (
        ("/url", "q"),
        ("/url", "url"),
        ("/news/url", "url"),
        ("/aclk", "adurl"),
        ("/translate", "u"),
        ("/website", "u"),
        ("/imgres", "imgrefurl"),
    ),
    "googleadservices.com": (("/pagead/aclk", "adurl"),),
    "jianshu.com": (("/go-wild", "url"),),
    "l.facebook.com": (("/", "u"),),
    "l.instagram.com": (("/", "u"),),
    "l.messenger.com": (("/", "u"),),
    "l.threads.com": (("/", "u"),),
    "l.threads.net": (("/", "u"),),
    "l.wl.co": (("/l", "u"),),
    "link.csdn.net": (("/", "target"),),
    "link.juejin.cn": (("/", "target"),),
    "link.zhihu.com": (("/", "target"),),
    "linkedin.com": (("/redir/redirect", "url"), ("/safety/go", "url")),
    "linkprotect.cudasvc.com": (("/url", "a"),),
    "lm.facebook.com": (("/", "u"),),
    "medium.com": (("/r/", "url"),),
    "microsofttranslator.com": (("/bv.aspx", "a"), ("/BV.aspx", "a")),
    "news.url.google.com": (("/news/url", "url"),),
    "out.reddit.com": (("/", "url"),),
    "papago.naver.net": (("/website", "url"),),
    "pinterest.com": (("/offsite/", "url"),),
    "plus.url.google.com": (("/url", "q"),),
    "protect2.fireeye.com": (("/", "u"),),
    "redirect.viglink.com": (("/", "u"),),
    "safelinks.protection.office365.us": (("/", "url"),),
    "safelinks.protection.outlook.com": (("/", "url"),),
    "scanmail.trustwave.com": (("/", "u"),),
    "shareasale.com": (("/r.cfm", "urllink"),),
    "slack-redir.net": (("/link", "url"),),
    "steamcommunity.com": (("/linkfilter/", "url"), ("/linkfilter/", "u")),
    "t.me": (("/iv", "url"), ("/share/url", "url")),
    "t.umblr.com": (("/redirect", "z"),),
    "tiktok.com": (("/link/v2", "target"),),
    "translate.googleusercontent.com": (("/translate", "u"),),
    "translate.yandex.com": (("/", "url"),),
    "translate.yandex.ru": (("/", "url"),),
    "translatetheweb.com": (("/", "a"),),
    "trendmicro.com": (("/wis/clicktime/", "url"),),
    "urlsand.esvalabs.com": (("/", "u"),),
    "vk.com": (("/away.php", "to"),),
    "webcitation.org": (("/query", "url"),),
    "weibo.cn": (("/sinaurl", "u"),),
    "weibo.com": (("/sinaurl", "u"),),
    "yandex.ru": (("/turbo", "text"),),
    "youtube.com": (("/redirect", "q"),),
}
"""Link shims, search engines, translators, mail scanners and affiliate networks.

Each entry has the beginning of the path and the parameter with the target.
"""

REDIRECT_SEGMENTS = frozenset(
    {
        "redirect",
        "redirect.php",
        "redirect.aspx",
        "redir",
        "redir.php",
        "redirector",
        "outbound",
        "away",
        "away.php",
        "goto",
        "goto.php",
    }
    | {"linkout", "leave", "exit", "exit.php", "jump", "jump.php", "deref", "dereferrer", "go.php", "out.php"}
)
"""Last segments of a path that, on any host, lead to the URL in one of ``REDIRECT_PARAMETERS``."""

REDIRECT_PARAMETERS = frozenset(
    {"url", "u", "to", "target", "dest", "destination", "goto", "link", "redirect_url", "redirecturl"}
)
"""Parameters with the absolute URL of the target, which must be on another host."""

WEB_ARCHIVES = _words(
    "archive.fo archive.is archive.li archive.md archive.ph archive.today archive.vn "
    "arquivo.pt haw.nsk.hr perma-archives.org swap.stanford.edu timetravel.mementoweb.org vefsafn.is "
    "wayback.archive-it.org wayback.archive.org wayback.webarchiv.cz web.archive.bibalex.org web.archive.org "
    "webarchive.bac-lac.gc.ca webarchive.loc.gov webarchive.nationalarchives.gov.uk webarchive.nla.gov.au "
    "webarchive.org.uk webarchive.parliament.uk webarchive.proni.gov.uk"
)
"""Web archives with copies under ``.../20110106023242/http://...``.

Most are those of the Memento aggregator (RFC 7089), whose software is Wayback or pywb.
"""

_SNAPSHOT = re.compile(
    r"/(?:[^:?]*/)?(?P<target>https?:/.+)"
    r"|/(?:[a-z]+/)?(?:\d{4}|\d{8}|\d{14})(?:[a-z]{2}_|\*)?/(?P<bare>(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/].*)?)",
    re.IGNORECASE,
)

ENCLOSING_PATHS: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(WEB_ARCHIVES, _SNAPSHOT),
    "12ft.io": re.compile(r"/(?P<target>https?:/.+)"),
    "ad.doubleclick.net": re.compile(r"/.*?[;?](?P<target>https?://.+)"),
    "anrdoezrs.net": re.compile(r"/links/.*?/(?P<target>https?:/.+)"),
    "bing-amp.com": re.compile(r"/[a-z]/(?P<tls>s/)?(?P<target>.+)"),
    "cdn.ampproject.org": re.compile(r"/[a-z]/(?P<tls>s/)?(?P<target>.+)"),
    "go.theregister.com": re.compile(r"/feed/(?P<tls>)(?P<target>.+)"),
    "dpbolvw.net": re.compile(r"/links/.*?/(?P<target>https?:/.+)"),
    "freedium.cfd": re.compile(r"/(?P<target>https?:/.+)"),
    "google.*": re.compile(r"/amp/(?P<tls>s/)?(?P<target>.+)"),
    "jdoqocy.com": re.compile(r"/links/.*?/(?P<target>https?:/.+)"),
    "kqzyfj.com": re.compile(r"/links/.*?/(?P<target>https?:/.+)"),
    "mipcdn.com": re.compile(r"/[a-z]/(?P<tls>s/)?(?P<target>.+)"),
    "outline.com": re.compile(r"/(?P<target>https?:/.+)"),
    "prf.hn": re.compile(r"/click/.*?/destination:(?P<target>https?(?:%3[Aa]|:).+)"),
    "r.jina.ai": re.compile(r"/(?P<target>https?:/.+)"),
    "r.search.yahoo.com": re.compile(r"/.*/RU=(?P<target>[^/]+)/.*"),
    "rd.yahoo.com": re.compile(r"/.*\*(?P<target>https?(?:%3[Aa]|:)/.+)"),
    "redir.folha.com.br": re.compile(r"/.*\*(?P<target>https?://.+)"),
    "secure-web.cisco.com": re.compile(r"/.*/(?P<target>https?%3[Aa].+)"),
    "tkqlhce.com": re.compile(r"/links/.*?/(?P<target>https?:/.+)"),
    "turbopages.org": re.compile(r"/(?P<tls>)(?P<target>(?:[a-z0-9-]+\.)+[a-z]+)/s(?P<path>/.+)"),
    "urldefense.com": re.compile(r"/v3/__(?P<target>https?:/[^*]+?)__;.*"),
    "urldefense.us": re.compile(r"/v3/__(?P<target>https?:/[^*]+?)__;.*"),
    "via.hypothes.is": re.compile(r"/(?P<target>https?:/.+)"),
    "yandex.ru": re.compile(r"/turbo/(?P<tls>)(?P<target>(?:[a-z0-9-]+\.)+[a-z]+)/s(?P<path>/.+)"),
}
"""Archives, AMP caches, feed counters, affiliate networks and mail scanners with the target in path
and query.

If a pattern has the group ``tls``, the target has no scheme. It is https if the group is empty or
"s/", and http if the group is missing. A target in the group ``bare`` has no scheme either, and is
http, as archives read it.
"""

WHOLE_QUERY_HOSTS = frozenset({"anonym.to", "href.li", "hidereferrer.com", "nullrefer.com"})
"""Referrer strippers: the whole query is the target."""

PROOFPOINT_HOST = "urldefense.proofpoint.com"
"""URL Defense version 2: parameter ``u``, "-" for "%" and "_" for "/"."""

BING_HOST = "www.bing.com"
"""``/ck/a``: parameter ``u``, "a1" and the target in base64url."""

TRANSLATED_HOST = "translate.goog"
"""Google's translator: "www-daily-example.translate.goog", with "--" for a hyphen of the host."""

CACHE_HOST = "webcache.googleusercontent.com"

CACHED = re.compile(r"cache:(?:[\w-]{12}:)?(?P<scheme>https?://)?(?P<rest>[^\s+]+\.[^\s+]+)(?:[\s+].*)?")
"""Google's cache: parameter ``q``, with an id before the target and the searched words behind it.
"""

YOUTUBE_SHORT_HOST = "youtu.be"
"""YouTube's short links name the film with the same id as its pages."""

YOUTUBE_SHORT = re.compile(r"/(?P<id>[A-Za-z0-9_-]{11})")

GOOGLE_NEWS_HOST = "news.google.com"

GOOGLE_NEWS = re.compile(r"/(?:[a-z_]+/)*(?:articles|read)/(?P<token>CBMi[A-Za-z0-9_-]+=*)")
"""The token of a Google News link, in base64url.

Until 2024 it was a protocol buffer (1: 19, 4: the URL). Later tokens carry no URL, and such links
stay.
"""

FEEDSPORTAL_HOSTS = frozenset({"feedsportal.com", "rss.lemonde.fr", "rss.nytimes.com"})

FEEDSPORTAL = re.compile(r"/c/\d+/f/\d+/(?:p/\d+/)?s/.*/l/(?P<target>0L[^/]+)(?:/[a-z]+\d+\.html?)?")
"""Mediafed's FeedsPortal, on its own hosts and on those of publishers.

The target stands behind "/l/", with "0" and a letter for each character that is not a plain letter.
"""

FEEDSPORTAL_CODES = {
    "A": "0", "B": ".", "C": "/", "D": "?", "E": "-", "F": "=", "G": "&", "H": ",", "I": "_", "J": "%", "K": "+",
    "L": "http://", "M": "https://", "N": ".com", "O": ".co.uk", "S": "www.", "T": "#",
}  # fmt: skip

CODING_HOSTS = WHOLE_QUERY_HOSTS | {PROOFPOINT_HOST, BING_HOST, CACHE_HOST, GOOGLE_NEWS_HOST, YOUTUBE_SHORT_HOST}
"""Hosts whose links have the target in a code of their own."""
