"""Step 1, import: words by which people name columns, in several languages, and of units."""

import re
from collections.abc import Collection

# Nouns by which people name what tells one row from another: its number, its name, its day
# or its place. In English, German, French, Spanish, Italian, Portuguese, Dutch, Polish,
# Russian, Japanese and Chinese, as all words here.
KEYS = frozenset(
    re.findall(
        r"\S+",
        """
    id ids uid uuid guid nr no number num nummer numero numéro número número. nro numer
    номер 番号 编号 no. code codes kode codice código codigo cod kod kennung kürzel sigle
    kod код コード 代码 alpha2 alpha3 alpha-2 alpha-3 iso iso2 iso3 abbr abbreviation
    abbreviated symbol name names namen nom nombre nome naam nazwa имя название 名前 氏名 名称
    姓名 label labels firstname lastname surname vorname nachname prénom apellido
    apellidos cognome sobrenome voornaam achternaam imię nazwisko фамилия fullname
    username nickname title titel titre título titolo tytuł заголовок タイトル 标题 date datum
    fecha data дата 日付 日期 day tag jour día giorno dia month monat mois mes year jahr
    année annee año anno ano jaar rok год 年 time zeit heure hora ora tijd czas время
    timestamp datetime country land pays país paese kraj страна 国 国家 city stadt ort
    ville ciudad città cidade stad miasto город 市 州 region région región regione região
    regio województwo регион province provinz provincia província county district bezirk
    kreis municipality gemeinde commune municipio comune gmina address adresse dirección
    indirizzo endereço adres адрес 住所 地址 postcode postal zip zipcode plz email e-mail
    mail product produkt produit producto prodotto produto item artikel article artículo
    customer kunde client cliente klant klient company firma société empresa department
    abteilung author autor auteur autore species sample variable file filename path
    index position key
    """,
    )
)
# Other nouns of headers that are seldom values of a column themselves.
NAMES = KEYS | frozenset(
    re.findall(
        r"\S+",
        """
    subtitle description beschreibung bezeichnung descripción descripcion descrizione
    descrição omschrijving opis описание 説明 描述 desc libellé libelle type typ art tipo
    soort rodzaj тип 種類 类型 kind class klasse classe clase category kategorie catégorie
    categoría categoria kategoria категория 类别 group gruppe groupe grupo gruppo groep
    grupa группа status état etat estado stato stan статус 状態 状态 state created updated
    modified amount betrag montant importe importo valor bedrag kwota сумма 金額 金额 price
    preis prix precio prezzo preço prijs cena цена 価格 价格 cost kosten coût total quantity
    qty menge anzahl quantité cantidad quantità quantidade aantal ilość количество 数量
    count value wert valeur waarde wartość значение 値 值 score rank rate ratio percent
    percentage unit einheit unité unidad unità unidade eenheid jednostka street straße
    strasse rue calle via rua straat ulica location lat lon lng long latitude longitude
    breite länge phone telefon téléphone teléfono telefono telefone telefoon телефон 電話
    电话 fax website url uri link homepage language sprache langue idioma lingua taal
    język язык 言語 语言 english german french spanish currency währung devise moneda valuta
    moeda waluta валюта 通貨 货币 gender sex geschlecht sexe sexo sesso geslacht płeć пол 性別
    性别 age alter âge edad età comment comments bemerkung kommentar commentaire
    comentario commento notes remarks remark note uwagi комментарий 備考 备注 text source
    rank parent клиент field column spalte feld width height weight length size level
    version
    """,
    )
)
# Units and types that stand in a row of their own below the names of columns.
UNITS = frozenset(
    re.findall(
        r"\S+",
        """
    m cm mm km ft in mi yd s sec ms min h hr hrs hours d days day week month year years utc
    gmt local kg g mg µg ug t lb lbs oz l ml dl m2 m² m3 m³ km2 km² ha ac % pct percent ppm
    ppb °c °f c f k °k degc degf deg degrees ° rad pa hpa kpa mbar bar bars psi psia atm
    mmhg inhg n kn w kw mw kwh mwh gwh w/m2 w/m² j kj mj cal kcal v mv kv a ma ohm hz khz
    mhz ghz m/s km/h mph knots kt kts m3/s l/s stb scf mscf rb eur usd gbp chf jpy € $ £ ¥
    t€ teur mio mrd eur/kg usd/t pcs stk stück each unit units count number mol mmol mol/l
    mg/l g/l µs/cm ntu ph psu db dbm px byte bytes kb mb gb bps
    string str text char varchar int int64 integer float float64 double decimal numeric
    bool boolean date datetime timestamp object category
    yyyy-mm-dd dd.mm.yyyy mm/dd/yyyy dd/mm/yyyy hh:mm hh:mm:ss yyyy mm dd
    """,
    )
)
# "[m/s]" or "(EUR)"; not "(5.50)", which is a number below zero.
BRACKETED = re.compile(r"[\[(<{][^\W\d][^\])>}]{,19}[\])>}]|[\[(<{][%°€$£¥][\])>}]")
# Where a header joins words: "given_name", "givenName", "Given Name", "given.name".
MOST_WORDS = 4  # A name of a column has seldom more.
JOINTS = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])|(?<=\d)(?=[A-Za-z])")


def is_name(cell: str) -> bool:
    """Return whether a cell is a word by which people name columns, or has one."""
    return _has_word(cell, NAMES)


def is_key(cell: str) -> bool:
    """Return whether a cell names what tells one row from another, such as its number."""
    return _has_word(cell, KEYS)


def _has_word(cell: str, known: Collection[str]) -> bool:
    if cell.casefold() in known:
        return True
    words = JOINTS.split(cell)
    # A sentence has such words by chance.
    return len(words) <= MOST_WORDS and any(word.casefold() in known for word in words)


def is_unit(cell: str) -> bool:
    """Return whether a cell is a unit of numbers, or a type of values."""
    return cell.casefold() in UNITS or BRACKETED.fullmatch(cell) is not None
