"""Patterns for made-up news in Dutch, German, French and Spanish, to the same rules as English.

Places, persons and outlets are invented. The parts fit together in any order: each ``actor`` is
singular, each ``thing`` is an object, and each ``claim`` is a clause of its own.
"""

DUTCH = {
    "outlet_name": "de Courant van {town}",
    "frame": """{actor} {did} {when} {thing} | {When} {did} {actor} {thing} | “{quote}”, zei {name}, {role} | {fact} |
        {fact} | {aside} | {aside} | Volgens {name}, {trade} in {town}, is het simpel: {claim} | {claim}, {source} |
        “{quote}”, aldus {speaker} | Ook in {town} {did} {actor} {thing} | {background} | {actor} {did} eerder al
        {thing}, maar {claim}""",
    "lead": """{lead_actor} in {place} {lead_did} {when} {lead_thing}, {source} | Na {n2} dagen overleg {lead_did}
        {lead_actor} {lead_thing} | {When} werd bekend dat het anders loopt in {place}: {lead_claim}""",
    "headline": "{lead_actor} {lead_did} {lead_thing} | {place}: {lead_claim} | “{lead_quote}”",
    "actor": """de gemeenteraad | het waterschap | de rechtbank | de veerdienst | een kweker uit {town} | de
        woningcorporatie | het streekziekenhuis | de schaatsclub | de vakbond | het museum | de spoorbeheerder | een
        oud-wethouder | de brandweer | de universiteit | het weerstation | de winkeliersvereniging""",
    "did": """verwierp | steunde | bekeek | verschoof | verdedigde | schrapte | betaalde | onderzocht | prees | bestreed
        | verlengde | herschreef | onthulde | beperkte""",
    "thing": """het plan voor {n3} woningen aan {street} | de sluiting van {building} | een lening van {money} | de
        nieuwe dienstregeling | het contract met de vervoerder | {n2} bezwaarschriften | de kap van {n2} linden | een
        parkeerproef in {town} | het rapport van de accountant | de verkoop van {building} | een schikking met de
        bewoners van {street} | de aanbesteding van de brug | het oude archief | een subsidie voor {building}""",
    "when": """{weekday} | {weekday}avond | vorige week | in {month} | rond {clock} uur | tegen middernacht | na een
        lange pauze | begin {month} | vlak voor de stemming | onverwacht""",
    "source": """meldt de gemeente | zegt een woordvoerder | blijkt uit de notulen | aldus de advocaat | schrijft de
        inspectie | melden bezoekers | zo staat in een brief""",
    "claim": """het geld is op | de berekening klopt niet | {building} blijft nog {n1} jaar dicht | er staat {money} te
        weinig op de rekening | {percent} van de leden was tegen | de vergunning is verlopen | de wachttijd loopt op tot
        {n2} weken | de fundering is te zwak | niemand heeft de sleutel nog | de huur stijgt met {percent}""",
    "fact": """De zitting duurde {n2} minuten | {place} telt {n4} inwoners | De rekening kwam uit op {money} | Er waren
        {n3} mensen in {building} | De reparatie kost {money} en duurt {n1} maanden | In {year} ging het ook al mis | Er
        zijn {n3} handtekeningen opgehaald | De stemming eindigde in {n2} tegen {n1} | Het dossier beslaat {n3}
        pagina's""",
    "background": """{building} stamt uit {year} en werd in {recent} voor het laatst geschilderd | {name}, {n2} jaar,
        werkte tot {recent} als {trade_bare} | {town} ligt {n2} kilometer verderop | De ruzie begon in {year}, toen de
        brug instortte | Het gewest geeft er {money} per jaar aan uit""",
    "aside": """Op {street} hing de was nog buiten | In het café naast {building} ging het nergens anders over | {name}
        stond al om {clock} uur in de rij | Een hond blafte door de toespraak heen | De koffie was na {n2} minuten op |
        Achter {building} lagen de fietsen in een sloot | {name} had een thermoskan soep bij zich | De klok van
        {building} wees {clock} aan""",
    "quote": """Wij hebben hier nooit om gevraagd | Eerst zien, dan geloven | De cijfers spreken voor zich | Dit had in
        {year} al gemoeten | Ik heb drie keer gebeld en niemand nam op | Zo maak je een dorp stil | Er is genoeg
        vergaderd | Mijn buren slapen er slecht van""",
    "role": """wethouder van verkeer | rechter in {town} | directeur van de veerdienst | arts | dijkgraaf | hoofd van de
        school | voorzitter van de club""",
    "trade": "bakker | kapper | melkveehouder | schilder | sluiswachter | boekhandelaar | wijkverpleegkundige",
    "trade_bare": "bakker | kapper | boer | schilder | sluiswachter | loods | drukker",
    "street": "de Kerkstraat | de Oude Haven | de Molenweg | het Spui | de Lange Dijk | de Turfkade | de Veerweg",
    "building": """het gemeentehuis | de veiling | de oude gasfabriek | het zwembad | de watertoren | het stationsgebouw
        | de bibliotheek | de remise""",
    "region": "de Zandstreek | het Laagland | de Vier Meren",
    "given": "Anouk | Bram | Femke | Gijs | Jelle | Lotte | Maaike | Pieter | Sanne | Teun | Wouter | Yvonne",
    "family": "Akkerman | Bosveld | Dijkhuis | Hagedoorn | Kranenburg | Meerbeek | Ploegstra | Veldkamp | Zwanenveld",
    "town_head": "Wester | Noord | Olden | Steen | Ruiger | Leeu | Hazer | Kolm | Broek | Zand",
    "town_tail": "woude | veen | dam | burg | horst | zijl | broek | meer | kerk",
    "month": """januari | februari | maart | april | mei | juni | juli | augustus | september | oktober | november |
        december""",
    "weekday": "maandag | dinsdag | woensdag | donderdag | vrijdag | zaterdag | zondag",
    "num": "twee | drie | vier | vijf | zes | zeven | acht | negen | elf | twaalf",
    "caption": "{name} voor {building}. Foto: ANP | De drukte op {street}, {weekday}. Foto: {name}",
    "foot": "Lees meer in {outlet}. | Tips voor de redactie van {outlet}? Bel {name}.",
    "head": "{outlet} | Nieuws uit {region}",
    "dateline": "{town_upper} (ANP) - | {town} -",
}

GERMAN = {
    "outlet_name": "der {town}er Anzeiger",
    "frame": """{actor} {did} {when} {thing} | {When} {did} {actor} {thing} | „{quote}“, sagte {name}, {role} | {fact} |
        {fact} | {aside} | {aside} | Für {name}, {trade} in {town}, ist die Sache klar: {claim} | {claim}, {source} |
        „{quote}“, so {speaker} | Auch in {town} {did} {actor} {thing} | {background} | Schon früher {did} {actor}
        {thing}, doch {claim}""",
    "lead": """{lead_actor} in {place} {lead_did} {when} {lead_thing}, {source} | Nach {n2} Tagen {lead_did}
        {lead_actor} {lead_thing} | {When} wurde in {place} bekannt: {lead_claim}""",
    "headline": "{lead_actor} {lead_did} {lead_thing} | {place}: {lead_claim} | „{lead_quote}“",
    "actor": """der Stadtrat | das Landgericht | die Reederei | die Genossenschaft | der Förster von {town} | das
        Kreiskrankenhaus | die Sparkasse | der Turnverein | die Gewerkschaft | das Heimatmuseum | die Bahnverwaltung |
        der Rechnungshof | die Feuerwehr | das Wetteramt | der Mieterbund | die Weberei""",
    "did": """verwarf | billigte | prüfte | verschob | verteidigte | strich | bezahlte | untersuchte | lobte | bekämpfte
        | verlängerte | überarbeitete | enthüllte | begrenzte""",
    "thing": """den Plan für {n3} Wohnungen | die Schließung der Zweigstelle | einen Kredit über {money} | den neuen
        Fahrplan | den Vertrag mit der Spedition | {n2} Einsprüche | die Fällung von {n2} Linden | das Gutachten zur
        Brücke | den Verkauf der Mühle | einen Vergleich mit den Anwohnern | die Ausschreibung der Schleuse | das alte
        Archiv | einen Zuschuss für die Bücherei | die Gebühr von {money}""",
    "when": """am {weekday} | am {weekday}abend | vergangene Woche | im {month} | gegen {clock} Uhr | kurz vor
        Mitternacht | nach langer Pause | Anfang {month} | noch vor der Abstimmung | überraschend""",
    "source": """teilte die Stadt mit | sagte ein Sprecher | das geht aus dem Protokoll hervor | so der Anwalt | schrieb
        die Aufsicht | berichteten Besucher | so steht es in einem Brief""",
    "claim": """das Geld ist verbraucht | die Rechnung geht nicht auf | die Halle bleibt noch {n1} Jahre zu | auf dem
        Konto fehlen {money} | {percent} der Mitglieder waren dagegen | die Genehmigung ist erloschen | die Wartezeit
        steigt auf {n2} Wochen | das Fundament ist zu schwach | niemand findet den Schlüssel | die Miete steigt um
        {percent}""",
    "fact": """Die Sitzung dauerte {n2} Minuten | {place} hat {n4} Einwohner | Die Rechnung belief sich auf {money} | In
        der Halle standen {n3} Menschen | Die Reparatur kostet {money} und dauert {n1} Monate | Schon {year} ging es
        schief | {n3} Unterschriften wurden gesammelt | Die Abstimmung endete {n2} zu {n1} | Die Akte umfasst {n3}
        Seiten""",
    "background": """Der Bau stammt aus dem Jahr {year} und wurde {recent} zuletzt gestrichen | {name}, {n2}, war bis
        {recent} {trade} | {town} liegt {n2} Kilometer entfernt | Der Streit begann {year}, als die Brücke nachgab | Der
        Kreis gibt dafür {money} im Jahr aus""",
    "aside": """In der {street} hing noch die Wäsche draußen | Im Gasthaus redete niemand von etwas anderem | {name}
        stand schon um {clock} Uhr in der Schlange | Ein Hund bellte durch die Rede | Der Kaffee war nach {n2} Minuten
        alle | Hinter der Kirche lagen die Räder im Graben | {name} hatte eine Kanne Suppe dabei | Die Turmuhr zeigte
        {clock}""",
    "quote": """Darum haben wir nie gebeten | Das glaube ich erst, wenn ich es sehe | Die Zahlen sprechen für sich | Das
        wäre schon {year} nötig gewesen | Ich rief dreimal an, und niemand nahm ab | So wird ein Dorf still | Es wurde
        genug geredet | Meine Nachbarn schlafen schlecht""",
    "role": """Stadtrat für Verkehr | Richterin in {town} | Leiter der Reederei | Oberärztin | Deichgraf | Rektorin der
        Schule | Vorsitzender des Vereins""",
    "trade": "Bäcker | Friseurin | Milchbauer | Maler | Schleusenwärter | Buchhändlerin | Krankenpfleger",
    "street": "Kirchgasse | Mühlstraße | Hafenzeile | Lindenallee | Salzgasse | Gerberstraße | Turmgasse",
    "building": "das Rathaus | die Markthalle | das Gaswerk | das Hallenbad | der Wasserturm | die Bücherei",
    "region": "das Moorland | die Hohe Senke | das Drei-Täler-Land",
    "given": "Annika | Bernd | Dörte | Fritz | Gesine | Holger | Ilse | Jörg | Kerstin | Lutz | Mechthild | Uwe",
    "family": "Altmeier | Brunkhorst | Dornseif | Eickhoff | Grünwald | Hasselbach | Kortmann | Lindhorst | Wiesner",
    "town_head": "Ober | Nieder | Grün | Stein | Alt | Hohen | Eschen | Birken | Schwarz | Linden",
    "town_tail": "bach | hausen | feld | brunn | stedt | roda | kirchen | au | walde",
    "month": """Januar | Februar | März | April | Mai | Juni | Juli | August | September | Oktober | November |
        Dezember""",
    "weekday": "Montag | Dienstag | Mittwoch | Donnerstag | Freitag | Samstag | Sonntag",
    "num": "zwei | drei | vier | fünf | sechs | sieben | acht | neun | elf | zwölf",
    "caption": "{name} vor dem Eingang. Foto: dpa | Gedränge in der {street}. Foto: {name}",
    "foot": "Mehr dazu lesen Sie in unserer Ausgabe aus {town}. | Hinweise an die Redaktion nimmt {name} entgegen.",
    "head": "Nachrichten aus {town} | Lesezeit: {n1} Minuten",
    "dateline": "{town_upper} (dpa) - | {town}.",
}

FRENCH = {
    "outlet_name": "le Courrier de {town}",
    "frame": """{when}, {actor} {did} {thing} | {Actor} {did} {thing}, {source} | « {quote} », dit {name}, {role} |
        {fact} | {fact} | {aside} | {aside} | Pour {name}, {trade} à {town}, c'est simple : {claim} | {claim}, {source}
        | « {quote} », ajoute {speaker} | À {town} aussi, {actor} {did} {thing} | {background} | Plus tôt, {actor} {did}
        {thing}, mais {claim}""",
    "lead": """{when}, à {place}, {lead_actor} {lead_did} {lead_thing}, {source} | Après {n2} jours de débats,
        {lead_actor} {lead_did} {lead_thing} | La nouvelle est tombée {when} à {place} : {lead_claim}""",
    "headline": "{lead_actor} {lead_did} {lead_thing} | {place} : {lead_claim} | « {lead_quote} »",
    "actor": """le conseil municipal | le tribunal | la compagnie de bacs | la coopérative | un éleveur de {town} |
        l'hôpital du canton | la caisse d'épargne | le club d'aviron | le syndicat | le musée | le gérant du port | la
        cour des comptes | la caserne | la météo régionale | l'union des locataires | la filature""",
    "did": """rejette | soutient | examine | reporte | défend | supprime | finance | conteste | salue | combat |
        prolonge | révise | dévoile | limite""",
    "thing": """le projet de {n3} logements | la fermeture de l'annexe | un prêt de {money} | les nouveaux horaires | le
        contrat du transporteur | {n2} recours | l'abattage de {n2} tilleuls | le rapport sur le pont | la vente du
        moulin | un accord avec les riverains | l'appel d'offres de l'écluse | les vieilles archives | une aide à la
        bibliothèque | la taxe de {money}""",
    "when": """{weekday} | {weekday} soir | la semaine dernière | en {month} | vers {clock} | peu avant minuit | après
        une longue pause | début {month} | juste avant le vote | sans prévenir""",
    "source": """indique la mairie | selon un porte-parole | d'après le procès-verbal | précise l'avocate | écrit
        l'inspection | racontent des témoins | peut-on lire dans une lettre""",
    "claim": """l'argent manque | le calcul est faux | la salle reste fermée encore {n1} ans | il manque {money} sur le
        compte | {percent} des membres étaient contre | le permis a expiré | l'attente passe à {n2} semaines | les
        fondations sont trop faibles | personne ne retrouve la clé | le loyer monte de {percent}""",
    "fact": """La séance a duré {n2} minutes | {place} compte {n4} habitants | La facture s'élève à {money} | {n3}
        personnes se pressaient dans la halle | Les travaux coûtent {money} et durent {n1} mois | En {year}, l'affaire
        avait déjà mal tourné | {n3} signatures ont été réunies | Le vote s'est soldé par {n2} voix contre {n1} | Le
        dossier compte {n3} pages""",
    "background": """Le bâtiment date de {year} et fut repeint en {recent} | {name}, {n2} ans, était {trade} jusqu'en
        {recent} | {town} se trouve à {n2} kilomètres | La querelle remonte à {year}, quand le pont céda | Le canton y
        consacre {money} par an""",
    "aside": """Rue {street}, le linge pendait encore aux fenêtres | Au café, on ne parlait que de cela | {name} faisait
        la queue dès {clock} | Un chien aboya pendant le discours | Le café fut épuisé en {n2} minutes | Derrière
        l'église, des vélos gisaient dans le fossé | {name} avait apporté une soupe | L'horloge marquait {clock}""",
    "quote": """Nous n'avons rien demandé | Je le croirai quand je le verrai | Les chiffres parlent d'eux-mêmes | Il
        fallait le faire en {year} | J'ai appelé trois fois, personne n'a répondu | Voilà comment un village se tait |
        On a assez discuté | Mes voisins en dorment mal""",
    "role": """adjointe aux transports | juge à {town} | patron des bacs | médecin | gardien des digues | directrice de
        l'école | président du club""",
    "trade": "fleuriste | libraire | dentiste | garagiste | éclusier | peintre | comptable",
    "street": "des Tanneurs | du Vieux Port | de l'Écluse | des Tilleuls | du Sel | de la Gare | du Moulin",
    "building": "la mairie | la halle | l'ancienne usine à gaz | la piscine | le château d'eau | la gare | le lavoir",
    "region": "le Haut Marais | les Trois Vallées | la Basse Lande",
    "given": "Aline | Benoît | Cécile | Didier | Estelle | Gaspard | Hélène | Julien | Lucie | Mathieu | Odile | Rémi",
    "family": "Aubertin | Boisvert | Charpin | Delaunoy | Ferrandel | Lacombe | Marchenoir | Pelletan | Vauquelin",
    "town_head": "Mont | Saint-Ar | Clair | Beau | Ville | Font | Roche | Char | Mar | Val",
    "town_tail": "val | mont | court | sac | gny | bourg | lieu | vert | celles",
    "month": """janvier | février | mars | avril | mai | juin | juillet | août | septembre | octobre | novembre |
        décembre""",
    "weekday": "lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche",
    "num": "deux | trois | quatre | cinq | six | sept | huit | neuf | onze | douze",
    "caption": "{name} devant l'entrée. Photo : AFP | La foule, rue {street}. Photo : {name}",
    "foot": "La suite dans notre édition de {town}. | Une information ? Écrivez à {name}.",
    "head": "Nouvelles de {town} | Lecture : {n1} minutes",
    "dateline": "{town_upper} (AFP) - | {town}, {day} {this_month} -",
}

SPANISH = {
    "outlet_name": "el Diario de {town}",
    "frame": """{when}, {actor} {did} {thing} | {Actor} {did} {thing}, {source} | «{quote}», dijo {name}, {role} |
        {fact} | {fact} | {aside} | {aside} | Para {name}, {trade} en {town}, está claro: {claim} | {claim}, {source} |
        «{quote}», añadió {speaker} | También en {town} {actor} {did} {thing} | {background} | Antes, {actor} {did}
        {thing}, pero {claim}""",
    "lead": """{when}, en {place}, {lead_actor} {lead_did} {lead_thing}, {source} | Tras {n2} días de debate,
        {lead_actor} {lead_did} {lead_thing} | La noticia llegó {when} a {place}: {lead_claim}""",
    "headline": "{lead_actor} {lead_did} {lead_thing} | {place}: {lead_claim} | «{lead_quote}»",
    "actor": """el ayuntamiento | el juzgado | la naviera | la cooperativa | un ganadero de {town} | el hospital
        comarcal | la caja de ahorros | el club de remo | el sindicato | el museo | la autoridad del puerto | el
        tribunal de cuentas | el cuerpo de bomberos | el servicio del tiempo | la asociación de vecinos | la fábrica de
        papel""",
    "did": """rechazó | apoyó | examinó | aplazó | defendió | retiró | pagó | investigó | elogió | combatió | prolongó |
        revisó | reveló | limitó""",
    "thing": """el plan de {n3} viviendas | el cierre de la sucursal | un préstamo de {money} | los nuevos horarios | el
        contrato del transportista | {n2} recursos | la tala de {n2} tilos | el informe sobre el puente | la venta del
        molino | un acuerdo con los vecinos | el concurso de la esclusa | el viejo archivo | una ayuda a la biblioteca |
        la tasa de {money}""",
    "when": """el {weekday} | el {weekday} por la noche | la semana pasada | en {month} | hacia las {clock} | poco antes
        de medianoche | tras una larga pausa | a principios de {month} | justo antes del voto | sin avisar""",
    "source": """informó la alcaldía | según un portavoz | consta en el acta | precisó la abogada | escribió la
        inspección | contaron testigos | se lee en una carta""",
    "claim": """falta dinero | la cuenta no sale | la sala seguirá cerrada {n1} años | en la cuenta faltan {money} | el
        {percent} de los socios estaba en contra | el permiso ha caducado | la espera sube a {n2} semanas | los
        cimientos son débiles | nadie encuentra la llave | el alquiler sube un {percent}""",
    "fact": """La sesión duró {n2} minutos | {place} tiene {n4} habitantes | La factura asciende a {money} | Había {n3}
        personas en la lonja | La obra cuesta {money} y dura {n1} meses | En {year} ya había salido mal | Se reunieron
        {n3} firmas | La votación acabó {n2} a {n1} | El expediente tiene {n3} páginas""",
    "background": """El edificio es de {year} y se pintó por última vez en {recent} | {name}, de {n2} años, fue {trade}
        hasta {recent} | {town} queda a {n2} kilómetros | La disputa viene de {year}, cuando cedió el puente | La
        comarca gasta en ello {money} al año""",
    "aside": """En la calle {street} la ropa seguía tendida | En el bar no se hablaba de otra cosa | {name} hacía cola
        desde las {clock} | Un perro ladró durante el discurso | El café se acabó en {n2} minutos | Detrás de la iglesia
        había bicicletas en la zanja | {name} llevaba un termo de sopa | El reloj marcaba las {clock}""",
    "quote": """Nunca pedimos esto | Lo creeré cuando lo vea | Las cifras hablan solas | Hacía falta ya en {year} |
        Llamé tres veces y nadie contestó | Así se calla un pueblo | Ya se ha hablado bastante | Mis vecinos duermen
        mal""",
    "role": """concejala de transporte | juez en {town} | director de la naviera | médica | guarda del dique | directora
        de la escuela | presidente del club""",
    "trade": "florista | librera | dentista | mecánico | guardagujas | pintor | contable",
    "street": "de los Curtidores | del Puerto Viejo | de la Esclusa | de los Tilos | de la Sal | del Molino",
    "building": "el ayuntamiento | la lonja | la vieja fábrica de gas | la piscina | la torre del agua | la estación",
    "region": "la Vega Alta | los Tres Valles | la Marisma",
    "given": "Adela | Bruno | Carmela | Diego | Elvira | Fermín | Gloria | Jacinto | Lorena | Matías | Nieves | Tomás",
    "family": "Alcorta | Barrientos | Cifuentes | Dorado | Escalona | Figueroa | Larrea | Montalvo | Zamudio",
    "town_head": "Villa | Monte | Fuente | Campo | Torre | Peña | Val | Rio | Casa | Roca",
    "town_tail": "clara | real | nueva | seca | blanca | mayor | fría | verde | vieja",
    "month": """enero | febrero | marzo | abril | mayo | junio | julio | agosto | septiembre | octubre | noviembre |
        diciembre""",
    "weekday": "lunes | martes | miércoles | jueves | viernes | sábado | domingo",
    "num": "dos | tres | cuatro | cinco | seis | siete | ocho | nueve | once | doce",
    "caption": "{name} ante la entrada. Foto: EFE | Gente en la calle {street}. Foto: {name}",
    "foot": "Siga leyendo en nuestra edición de {town}. | ¿Tiene una noticia? Escriba a {name}.",
    "head": "Noticias de {town} | Lectura: {n1} minutos",
    "dateline": "{town_upper} (EFE) - | {town}, {day} de {this_month} -",
}
