/** @file Short print as it stands on signs, packets, and notices, in seven languages, and some that is of none: names, brands, figures. */
export const SIGNS: Readonly<Record<string, readonly string[]>> = {
  en: ['Please do not feed the ducks', 'Mind the gap between the train and the platform', 'No parking at any time', 'Freshly baked bread every morning', 'Beware of the dog', 'Keep out of reach of children', 'Opening hours Monday to Friday', 'Private property, no trespassing'],
  de: ['Betreten der Baustelle verboten', 'Bitte nicht auf den Rasen treten', 'Vorsicht Stufe', 'Eltern haften für ihre Kinder', 'Frische Brötchen jeden Morgen', 'Öffnungszeiten Montag bis Freitag', 'Zufahrt für die Feuerwehr freihalten', 'Rauchen verboten'],
  fr: ['Défense de stationner', 'Ne pas marcher sur la pelouse', 'Attention à la marche', 'Ouvert tous les jours sauf le dimanche', 'Chien méchant, entrée interdite', 'Tenir hors de portée des enfants', 'Boulangerie artisanale', 'Sortie de secours'],
  es: ['Prohibido el paso a toda persona ajena', 'No pisar el césped', 'Cuidado con el perro', 'Abierto todos los días', 'Salida de emergencia', 'Mantener fuera del alcance de los niños', 'Se alquila habitación', 'Por favor, no alimentar a las palomas'],
  it: ['Vietato calpestare le aiuole', 'Attenzione al gradino', 'Aperto tutti i giorni', 'Uscita di sicurezza', 'Si prega di non toccare', 'Tenere fuori dalla portata dei bambini', 'Divieto di accesso ai non addetti', 'Pane fresco ogni mattina'],
  nl: ['Verboden toegang voor onbevoegden', 'Niet op het gras lopen', 'Pas op voor de hond', 'Elke dag vers brood', 'Buiten bereik van kinderen houden', 'Geopend van maandag tot vrijdag', 'Fietsen worden verwijderd', 'Let op het afstapje'],
  pt: ['Proibida a entrada de pessoas estranhas', 'Não pise na relva', 'Cuidado com o cão', 'Aberto todos os dias', 'Saída de emergência', 'Manter fora do alcance das crianças', 'Pão fresco todas as manhãs', 'É favor não tocar'],
} // biome-ignore format: a list

export const OF_NO_LANGUAGE: readonly string[] = [
  'Volkswagen Mercedes', 'COCA COLA PEPSI FANTA', 'Sony Panasonic Toshiba', 'IKEA BILLY KALLAX', 'Johannes Magnus Petersen', 'Nikon Corporation', 'AB-123-CD 4711', 'ISBN 978-3-16-148410-0', 'Tyrannosaurus rex', 'Kawasaki Yamaha Suzuki', 'XKCD QWERTZ ASDFGH', 'Maria Garcia Lopez', 'Samsung Galaxy Note', 'Heidelberg Toulouse Sevilla',
] // biome-ignore format: a list
