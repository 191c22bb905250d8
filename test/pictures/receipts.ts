/** @file What the drawn receipts say: their known answer, for the tests of reading text. */

import type { DrawnName } from '../support/pictures.ts'

export interface Receipt {
  readonly name: DrawnName
  readonly lines: readonly string[]
  /** degrees clockwise */
  readonly turn: number
  /** colour of what it lies on */
  readonly table: string
}

export const RECEIPTS: readonly Receipt[] = [
  {
    name: 'receipt-bookshop',
    turn: 0,
    table: '#6f5a45',
    lines: [
      'LANTERN BOOKSHOP',
      '14 Mill Lane, Whitby',
      'Tel 01947 555 0142',
      '--------------------------------',
      'Atlas of Islands        GBP 24.00',
      'Pocket Dictionary        GBP 9.50',
      'Bookmark                 GBP 1.25',
      '--------------------------------',
      'TOTAL                   GBP 34.75',
      'CASH                    GBP 40.00',
      'CHANGE                   GBP 5.25',
      '12/03/2024 16:42   Till 2',
      'Thank you, Marguerite',
    ],
  },
  {
    name: 'receipt-hardware',
    turn: 2,
    table: '#39424d',
    lines: [
      'BRANDON HARDWARE',
      'Station Road 7, Leeds',
      'Invoice 88213',
      'Hammer 450 g            GBP 13.90',
      'Wood screws 4x40         GBP 4.20',
      'Masking tape             GBP 2.80',
      'VAT 20 %                 GBP 3.48',
      'TOTAL                   GBP 20.90',
      '05/04/2024 09:15',
      'Goods may be returned within 30 days',
    ],
  },
  {
    name: 'receipt-bakery',
    turn: -2,
    table: '#a9a297',
    lines: [
      'KORNBLUME BACKEREI',
      'Lindenallee 3, Weimar',
      'Roggenbrot 1 kg          EUR 4.80',
      'Apfelkuchen 2 Stk        EUR 5.60',
      'Kaffee                   EUR 2.90',
      'SUMME                   EUR 13.30',
      'Danke und bis bald',
      '21.06.2024 08:03',
    ],
  },
  {
    name: 'receipt-pharmacy',
    turn: 0,
    table: '#c9c5bd',
    lines: [
      'PHARMACIE DU PONT',
      '22 rue des Tanneurs, Colmar',
      'Pansements               EUR 3.95',
      'Sirop de thym            EUR 6.40',
      'Thermometre             EUR 12.10',
      'TOTAL TTC               EUR 22.45',
      'CARTE BANCAIRE',
      '30/09/2024 18:27',
    ],
  },
  {
    name: 'receipt-garden',
    turn: 1,
    table: '#4c5b3f',
    lines: [
      'GREENFIELD GARDEN CENTRE',
      'Orchard Way, Hereford',
      'Tomato plants x6         GBP 7.50',
      'Terracotta pot          GBP 11.00',
      'Compost 40 l             GBP 6.75',
      'Watering can             GBP 9.99',
      'TOTAL                   GBP 35.24',
      'CARD **** 7731',
      '18/05/2024 11:36',
    ],
  },
  {
    name: 'receipt-toys',
    turn: 0,
    table: '#7a3f3a',
    lines: [
      'THE WOODEN HORSE TOYS',
      'Castle Square, Conwy',
      'Marble run              GBP 29.99',
      'Kite, large             GBP 14.50',
      'Gift wrapping            GBP 1.50',
      'TOTAL                   GBP 45.99',
      '02/12/2024 13:08',
      'Merry Christmas to all customers',
    ],
  },
]
