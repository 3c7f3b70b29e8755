"""Words for made-up news in five languages.

Each language has enough function words and nouns that a detector knows it, and names of real
countries. Persons are invented. Agencies and capitals are real, because the rules for datelines and
credits know them by name.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """The parts of sentences: nouns (subject, object), verbs, adverbials, and joining words."""

    tag: str
    nouns: tuple[str, ...]
    verbs: tuple[str, ...]
    adverbials: tuple[str, ...]
    joining: tuple[str, ...]
    countries: tuple[str, ...]
    """With a preposition, such as "in Germany"."""
    datelines: tuple[str, ...]
    """With the mark that ends them, such as " - "."""
    bylines: tuple[str, ...]
    credits: tuple[str, ...]
    """Endings of captions."""
    months: tuple[str, ...]


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.replace("\n", " ").split("|"))


ENGLISH = Language(
    tag="en",
    nouns=_phrases(
        """the minister | the government | a spokesman for the police | the mayor | the city council
        | the court of appeal | the opposition | the central bank | the new law | the report | the research group
        | the national team | the trade union | the price of bread | a group of residents | the hospital
        | the prime minister | the airline | the railway company | the budget for next year | the committee
        | an agreement with the farmers | the school board | the peace talks | the company's chairman
        | thousands of people | the plan | the storm | the fire brigade | the harbour | his successor | the president
        | the negotiations | several houses | the bridge over the river | the investigation | the museum
        | the film festival | the election | the second half of the match"""
    ),
    verbs=_phrases(
        """has rejected | will support | announced | wants to change | has agreed to pay for | is waiting for
        | said it would examine | had already warned about | is looking for | could not explain | has begun to rebuild
        | was surprised by | criticised | defended | will vote on | has been forced to close | is expected to visit
        | did not mention | has won | would rather keep"""
    ),
    adverbials=_phrases(
        """on Tuesday | after months of talks | in the early morning | for the first time since the war
        | according to officials | despite heavy rain | at a press conference | by the end of the year
        | in the north of the country | without giving any details | as had been expected | with a large majority
        | last week | because of the rising costs | until further notice"""
    ),
    joining=_phrases("while | and | but | because | which means that | although | after | so that"),
    countries=_phrases(
        """in Germany | in France | from Russia | with China | in the United States | in Japan | to Ukraine
        | in South Africa | in Brazil | in the Netherlands | from Spain | in Italy | with Turkey | in Georgia
        | to Jordan | in Mexico | from Poland | in Egypt | in India | in New Zealand"""
    ),
    datelines=("WASHINGTON, March 20 (Reuters) - ", "LONDON (AP) — ", "BRUSSELS — ", "GENEVA, Switzerland (AFP) - "),
    bylines=(
        "By {one}",
        "By {one} and {two}",
        "{one}",
        "{one}, {two} and {three}",
        "editor@news.example.org ({one})",
        "By {one} | Reuters",
    ),
    credits=(
        " Photo by {one} for AP",
        " (Reuters/{one})",
        " Credit: Getty Images",
        " | {one}/AFP",
        " - AP",
        " Photograph: {one}",
    ),
    months=_phrases("January|February|March|April|May|June|July|August|September|October|November|December"),
)

DUTCH = Language(
    tag="nl",
    nouns=_phrases(
        """de minister | het kabinet | een woordvoerder van de politie | de burgemeester | de gemeenteraad
        | het gerechtshof | de oppositie | de centrale bank | de nieuwe wet | het rapport | de onderzoekers
        | het elftal | de vakbond | de prijs van brood | een groep bewoners | het ziekenhuis | de premier
        | de luchtvaartmaatschappij | de spoorwegen | de begroting voor volgend jaar | de commissie
        | een akkoord met de boeren | het schoolbestuur | de vredesbesprekingen | de voorzitter van het bedrijf
        | duizenden mensen | het plan | de storm | de brandweer | de haven | zijn opvolger | de president
        | de onderhandelingen | enkele woningen | de brug over de rivier | het onderzoek | het museum
        | het filmfestival | de verkiezingen | de tweede helft"""
    ),
    verbs=_phrases(
        """verwerpt | steunt | heeft aangekondigd | wil veranderen | betaalt voortaan | wacht nog op
        | zei te kijken naar | waarschuwde al eerder voor | is op zoek naar | had geen verklaring voor
        | is begonnen met | was verrast door | bekritiseert | verdedigt | stemt binnenkort over
        | moest sluiten vanwege | brengt een bezoek aan | zweeg over | wint van | houdt vast aan"""
    ),
    adverbials=_phrases(
        """dinsdag | na maandenlang overleg | in de vroege ochtend | voor het eerst sinds de oorlog
        | volgens ambtenaren | ondanks de zware regen | op een persconferentie | tegen het einde van het jaar
        | in het noorden van het land | zonder verdere toelichting | zoals al werd verwacht
        | met een ruime meerderheid | vorige week | wegens de stijgende kosten | tot nader order"""
    ),
    joining=_phrases("terwijl | en | maar | omdat | waardoor | hoewel | nadat | zodat"),
    countries=_phrases(
        """in Duitsland | in Frankrijk | uit Rusland | met China | in de Verenigde Staten | in Japan | aan Oekraïne
        | in Zuid-Afrika | in Brazilië | in Nederland | uit Spanje | in Italië | met Turkije | in Georgië
        | naar Jordanië | in Mexico | uit Polen | in Egypte | in India | in Nieuw-Zeeland"""
    ),
    datelines=("MOSKOU (ANP) - ", "DEN HAAG - ", "PARIJS (ANP/AFP) - ", "BRUSSEL (Belga) - "),
    bylines=(
        "Door {one}",
        "Door onze correspondent {one}",
        "{one} en {two}",
        "Van onze verslaggever {one}",
        "{one} (ANP)",
        "{one}",
    ),
    credits=(" - AFP", " (Foto: ANP / {one})", " Foto {one}", " © ANP", " Beeld {one}", " | ANP / {one}"),
    months=_phrases("januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"),
)

GERMAN = Language(
    tag="de",
    nouns=_phrases(
        """der Minister | die Regierung | ein Sprecher der Polizei | die Bürgermeisterin | der Stadtrat
        | das Oberlandesgericht | die Opposition | die Zentralbank | das neue Gesetz | der Bericht
        | die Forschungsgruppe | die Nationalmannschaft | die Gewerkschaft | der Brotpreis | eine Gruppe von Anwohnern
        | das Krankenhaus | der Ministerpräsident | die Fluggesellschaft | die Bahn
        | der Haushalt für das nächste Jahr | der Ausschuss | eine Einigung mit den Bauern | die Schulbehörde
        | die Friedensgespräche | der Vorstand des Unternehmens | tausende Menschen | der Plan | das Unwetter
        | die Feuerwehr | der Hafen | sein Nachfolger | die Präsidentin | die Verhandlungen | mehrere Häuser
        | die Brücke über den Fluss | die Ermittlungen | das Museum | das Filmfest | die Wahl | die zweite Halbzeit"""
    ),
    verbs=_phrases(
        """lehnt ab: | unterstützt | kündigte an: | will ändern: | bezahlt künftig | wartet noch auf | prüft nun
        | warnte bereits vor | sucht weiterhin | hatte keine Erklärung für | begann mit | war überrascht über
        | kritisiert | verteidigt | stimmt bald ab über | musste schließen wegen | besucht | erwähnte nicht
        | gewann gegen | behält lieber"""
    ),
    adverbials=_phrases(
        """am Dienstag | nach monatelangen Gesprächen | am frühen Morgen | zum ersten Mal seit dem Krieg
        | nach Angaben der Behörden | trotz des starken Regens | bei einer Pressekonferenz | bis zum Ende des Jahres
        | im Norden des Landes | ohne weitere Angaben | wie bereits erwartet | mit großer Mehrheit
        | in der vergangenen Woche | wegen der steigenden Kosten | bis auf Weiteres"""
    ),
    joining=_phrases("während | und | aber | weil | sodass | obwohl | nachdem | damit"),
    countries=_phrases(
        """in Deutschland | in Frankreich | aus Russland | mit China | in den Vereinigten Staaten | in Japan
        | an die Ukraine | in Südafrika | in Brasilien | in den Niederlanden | aus Spanien | in Italien
        | mit der Türkei | in Georgien | nach Jordanien | in Mexiko | aus Polen | in Ägypten | in Indien
        | in Neuseeland"""
    ),
    datelines=("BERLIN (dpa) - ", "Wien (APA) – ", "MOSKAU (Reuters) - ", "GENF (sda) - "),
    bylines=(
        "Von {one}",
        "Von {one} und {two}",
        "{one}, dpa",
        "Von unserer Korrespondentin {one}",
        "{one}",
        "{one} und {two}, Wien",
    ),
    credits=(" Foto: dpa/{one}", " BILD: APA/{one}", " © {one}", " (Bild: Keystone)", " Quelle: {one}", " Foto: Imago"),
    months=_phrases("Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"),
)

FRENCH = Language(
    tag="fr",
    nouns=_phrases(
        """le ministre | le gouvernement | un porte-parole de la police | la maire | le conseil municipal
        | la cour d'appel | l'opposition | la banque centrale | la nouvelle loi | le rapport | les chercheurs
        | l'équipe nationale | le syndicat | le prix du pain | un groupe d'habitants | l'hôpital | le Premier ministre
        | la compagnie aérienne | la société des chemins de fer | le budget de l'année prochaine | la commission
        | un accord avec les agriculteurs | l'école du quartier | les pourparlers de paix
        | le président de l'entreprise | des milliers de personnes | le projet | la tempête | les pompiers | le port
        | son successeur | la présidente | les négociations | plusieurs maisons | le pont sur la rivière | l'enquête
        | le musée | le festival du film | l'élection | la seconde mi-temps"""
    ),
    verbs=_phrases(
        """a rejeté | soutient | a annoncé | veut modifier | paiera désormais | attend encore | examine
        | avait déjà mis en garde contre | cherche toujours | n'a pas su expliquer | a commencé à reconstruire
        | a été surpris par | critique | défend | votera bientôt sur | a dû fermer | doit rencontrer | n'a pas évoqué
        | a remporté | préfère garder"""
    ),
    adverbials=_phrases(
        """mardi | après des mois de discussions | au petit matin | pour la première fois depuis la guerre
        | selon les autorités | malgré une forte pluie | lors d'une conférence de presse | d'ici la fin de l'année
        | dans le nord du pays | sans donner de précisions | comme on s'y attendait | à une large majorité
        | la semaine dernière | à cause de la hausse des coûts | jusqu'à nouvel ordre"""
    ),
    joining=_phrases("tandis que | et | mais | parce que | si bien que | bien que | après que | pour que"),
    countries=_phrases(
        """en Allemagne | en France | de Russie | avec la Chine | aux États-Unis | au Japon | à l'Ukraine
        | en Afrique du Sud | au Brésil | aux Pays-Bas | d'Espagne | en Italie | avec la Turquie | en Géorgie
        | en Jordanie | au Mexique | de Pologne | en Égypte | en Inde | en Nouvelle-Zélande"""
    ),
    datelines=("PARIS (AFP) - ", "BRUXELLES (Belga) — ", "MOSCOU (Reuters) - ", "GENÈVE (ATS) - "),
    bylines=(
        "Par {one}",
        "Par {one} et {two}",
        "{one} avec AFP",
        "De notre correspondante {one}",
        "{one}, {two} et {three}",
        "{one}",
    ),
    credits=(" - AFP", " (Photo {one}/AFP)", " © {one}", " Crédit photo : {one}", " | {one} / Reuters", " PHOTO : AFP"),
    months=_phrases("janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"),
)

SPANISH = Language(
    tag="es",
    nouns=_phrases(
        """el ministro | el gobierno | un portavoz de la policía | la alcaldesa | el ayuntamiento
        | el tribunal de apelación | la oposición | el banco central | la nueva ley | el informe | los investigadores
        | la selección nacional | el sindicato | el precio del pan | un grupo de vecinos | el hospital
        | la primera ministra | la aerolínea | la empresa de ferrocarriles | el presupuesto del próximo año
        | la comisión | un acuerdo con los agricultores | la escuela | las conversaciones de paz
        | el presidente de la empresa | miles de personas | el plan | la tormenta | los bomberos | el puerto
        | su sucesor | la presidenta | las negociaciones | varias viviendas | el puente sobre el río
        | la investigación | el museo | el festival de cine | las elecciones | la segunda parte del partido"""
    ),
    verbs=_phrases(
        """ha rechazado | apoya | anunció | quiere cambiar | pagará desde ahora | espera todavía | estudia
        | ya había advertido sobre | sigue buscando | no supo explicar | ha empezado a reconstruir | se sorprendió por
        | critica | defiende | votará pronto sobre | tuvo que cerrar | visitará | no mencionó | ha ganado
        | prefiere mantener"""
    ),
    adverbials=_phrases(
        """el martes | tras meses de conversaciones | de madrugada | por primera vez desde la guerra
        | según las autoridades | a pesar de la lluvia | en una rueda de prensa | antes de que termine el año
        | en el norte del país | sin dar más detalles | como ya se esperaba | por amplia mayoría | la semana pasada
        | debido al aumento de los costes | hasta nuevo aviso"""
    ),
    joining=_phrases("mientras | y | pero | porque | de modo que | aunque | después de que | para que"),
    countries=_phrases(
        """en Alemania | en Francia | de Rusia | con China | en Estados Unidos | en Japón | a Ucrania | en Sudáfrica
        | en Brasil | en los Países Bajos | de España | en Italia | con Turquía | en Georgia | a Jordania | en México
        | de Polonia | en Egipto | en la India | en Nueva Zelanda"""
    ),
    datelines=("MADRID (EFE) - ", "MOSCÚ, 20 mar (EFE).- ", "BRUSELAS (Europa Press) - ", "GINEBRA (AFP) - "),
    bylines=("Por {one}", "Por {one} y {two}", "{one}, {two} y {three}", "{one} / EFE", "Redacción", "{one}"),
    credits=(" EFE/{one}", " Foto: {one}", " - AFP", " (Reuters)", " | {one} / AP", " Crédito: {one}"),
    months=_phrases("enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"),
)

LANGUAGES = (ENGLISH, DUTCH, GERMAN, FRENCH, SPANISH)

GIVEN_NAMES = _phrases(
    "Adelina|Bramo|Corvin|Dessa|Elwin|Fenna|Gorik|Hella|Idris|Jorun|Kaspar|Lumi|Mirek|Nadia|Orsolo|Quirin|Ramona"
)
FAMILY_NAMES = _phrases(
    "Aldermoor|Brankel|Castrovin|Dunhelm|van Eyckeren|Falkorn|Grevink|Holdreth|de Istravel|Jonkveld|"
    "Kestrin|Lorvane|Müntal"
)
