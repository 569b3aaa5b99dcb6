// ISO 3166-1 alpha-2, the officially assigned codes, and XK, which geography databases use for Kosovo.
const COUNTRIES = new Set(
  `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
   CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
   FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
   JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
   MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
   PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
   TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW`.split(/\s+/),
);

// Places with a country code of their own as well as a subdivision code of a larger country. Databases say the
// country code, so a rule for the subdivision alone would never match.
const COUNTRY_OF_REGION: ReadonlyMap<string, string> = new Map([
  ['CN-HK', 'HK'],
  ['CN-MO', 'MO'],
  ['CN-TW', 'TW'],
  ['FI-01', 'AX'],
  ['FR-971', 'GP'],
  ['FR-972', 'MQ'],
  ['FR-973', 'GF'],
  ['FR-974', 'RE'],
  ['FR-976', 'YT'],
  ['FR-BL', 'BL'],
  ['FR-MF', 'MF'],
  ['FR-NC', 'NC'],
  ['FR-PF', 'PF'],
  ['FR-PM', 'PM'],
  ['FR-TF', 'TF'],
  ['FR-WF', 'WF'],
  ['NL-AW', 'AW'],
  ['NL-BQ1', 'BQ'],
  ['NL-BQ2', 'BQ'],
  ['NL-BQ3', 'BQ'],
  ['NL-CW', 'CW'],
  ['NL-SX', 'SX'],
  ['NO-21', 'SJ'],
  ['NO-22', 'SJ'],
  ['US-AS', 'AS'],
  ['US-GU', 'GU'],
  ['US-MP', 'MP'],
  ['US-PR', 'PR'],
  ['US-UM', 'UM'],
  ['US-VI', 'VI'],
]);

const REGION = /^([A-Z]{2})-[A-Z0-9]{1,3}$/;

/** Whether the text is a country's code (ISO 3166-1 alpha-2, upper case): assigned, so that `UK` is no country. */
export function isCountry(code: string): boolean {
  return COUNTRIES.has(code);
}

/** Whether the text has the form of a subdivision's code (ISO 3166-2, upper case) of an assigned country. */
export function isRegion(code: string): boolean {
  const country = REGION.exec(code)?.[1];
  return country !== undefined && isCountry(country);
}

/** The country code by which databases know this region, when it has one of its own: `PR` for `US-PR`. */
export function countryOfRegion(region: string): string | undefined {
  return COUNTRY_OF_REGION.get(region);
}
