import crc16ccitt from 'crc/calculators/crc16ccitt';

/**
 * CRC-16/CCITT-FALSE: polynomial 0x1021, initial 0xFFFF, no reflection, no final XOR.
 * @param text one byte per character (Latin-1)
 */
export function crc16(text: string): number {
  return crc16ccitt(Buffer.from(text, 'latin1'));
}
