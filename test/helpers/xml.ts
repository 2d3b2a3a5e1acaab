import { XMLParser } from 'fast-xml-parser';
import { SyntaxValidator } from 'fast-xml-validator';

/** XML as an independent parser reads it: attributes begin with `@`, texts stay as they are. @throws when it isn't well-formed */
export function parseXml(xml: string, lists: readonly string[] = []): unknown {
  SyntaxValidator.validate(xml, {
    invalidCharSequence: { comment: true, tagValue: true, attrLt: true },
  });
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    trimValues: false,
    parseTagValue: false,
    processEntities: true,
    htmlEntities: true,
    isArray: (name) => lists.includes(name),
  });
  return parser.parse(xml);
}
