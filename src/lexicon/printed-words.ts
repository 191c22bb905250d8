/** @file Words and abbreviations as they stand in print: on receipts, invoices, labels and signs. */
import { loadEnglishWords } from './english-words.ts'

/** What dictionaries leave out: abbreviations of trade, units, forms of companies, days, months, frequent currencies. */
const ABBREVIATIONS =
  `amt qty tel fax ext no nos inv ref acc acct id vat gst tax pc pcs pkt num dept doc desc disc misc max min bal chg adj tot subtotal incl excl
  approx est exp mfg sku upc ean plu pos rrp cst st rd ave blvd apt flr bldg sdn bhd ltd inc llc plc gmbh corp pty pte co bros
  ml cl kg km cm mm ft lb lbs oz kw kwh hz mb gb am pm hr hrs mins sec jan feb mar apr jun jul aug sep sept oct nov dec
  mon tue tues wed thu thur thurs fri sat sun usd eur gbp chf aud cad sgd myr rm inr jpy cny www com org net http https wifi`
    .split(/\s+/)
    .filter((word) => word !== '')

let loading: Promise<ReadonlySet<string>> | undefined

/** All of them in lower case. Reads a megabyte of words at the first call. */
export function loadPrintedWords(): Promise<ReadonlySet<string>> {
  loading ??= loadEnglishWords().then((words) => new Set([...words, ...ABBREVIATIONS]))
  return loading
}
