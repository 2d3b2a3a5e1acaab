import type { IToken } from 'chevrotain';
import type { TypeSyntax } from './ast.ts';
import { didYouMean, nearest } from '../errors/index.ts';
import { joinSpans, KEYWORDS, STATEMENT_NAMES, type Rule } from './parser-base.ts';
import { RefusingParser } from './refusing-parser.ts';
import { quoteToken, refusalOf } from './syntax-errors.ts';
import * as t from './tokens.ts';
import { typeOfWords } from './types.ts';

const NO_TEXTS = 'there are no text variables: hand texts to printf or Serial.print directly';
/** Types of Arduino's library and of other languages, and what to write here. */
const KNOWN_TYPES: ReadonlyMap<string, string> = new Map([
  ['String', NO_TEXTS],
  ['string', NO_TEXTS],
  ['word', 'write uint16_t or uint32_t'],
  ['uint', 'write unsigned int'],
  ['ulong', 'write unsigned long'],
  ['let', 'write the type, e.g. int'],
  ['var', 'write the type, e.g. int'],
  ['function', 'write the type of the result, or void'],
]);

const REFUSED_SPECIFIERS = [...t.REFUSED_TYPES, ...t.REFUSED_QUALIFIERS];
const QUALIFIERS = [...t.QUALIFIERS, ...t.REFUSED_QUALIFIERS];

/** Types. */
export abstract class TypeParser extends RefusingParser {
  protected readonly specifiers: Rule<TypeSyntax> = this.RULE<Rule<TypeSyntax>>(
    'specifiers',
    () => {
      const tokens: IToken[] = [];
      this.AT_LEAST_ONE({
        DEF: () => {
          tokens.push(this.CONSUME(t.Specifier));
        },
        ERR_MSG: 'a type',
      });
      return this.ACTION(() => {
        const onlyQualifiers = tokens.every(({ image }) => QUALIFIERS.includes(image));
        if (!onlyQualifiers || !this.unknownTypeNext()) return this.typeOf(tokens);
        return { ...this.unknownType(), isConst: true };
      });
    },
  );

  /** What words mean together; undefined, and reported, when they are no type. */
  protected typeOf(tokens: readonly IToken[]): TypeSyntax {
    const words = tokens.map((token) => token.image);
    const first = this.spanOf(tokens[0] ?? this.LA(1));
    const span = joinSpans(first, this.spanOf(tokens.at(-1) ?? this.LA(1)));
    const flags = { isConst: words.includes('const'), isStatic: words.includes('static') };
    const refused = tokens.filter(({ image }) => REFUSED_SPECIFIERS.includes(image));
    for (const token of refused) {
      const { image } = token;
      this.report(this.spanOf(token), `'${image}' is not supported`, refusalOf(image), true);
    }
    if (words.some((word) => t.REFUSED_TYPES.includes(word))) {
      return { span, type: undefined, ...flags };
    }
    const named = words.filter((word) => !QUALIFIERS.includes(word));
    const type = typeOfWords(named);
    if (type === undefined && (named.length > 0 || refused.length === 0)) {
      const long = named.filter((word) => word === 'long').length > 1;
      const integer = named.length === 0 ? `${words.join(' ')} int` : 'a type such as int';
      const hint = long ? 'integers have at most 32 bits: use long' : `write ${integer}`;
      this.report(span, `'${words.join(' ')}' is not a type`, hint);
    }
    return { span, type, ...flags };
  }

  /** `Name name` on one line: a type that is none, unless the first is a misspelt `return` or `else`. */
  protected unknownTypeNext(): boolean {
    if (!this.nextIs(t.Identifier) || !this.nextIs(t.Identifier, 2) || !this.sameLine(2))
      return false;
    const near = nearest(this.LA(1).image, [...KEYWORDS, 'else']);
    return near === undefined || (near !== 'else' && !STATEMENT_NAMES.includes(near));
  }

  /** Reads over a type that is none. One that is refused or unknown already is no second mistake. */
  protected unknownType(): TypeSyntax {
    const token = this.LA(1);
    const span = this.spanOf(token);
    const { image } = token;
    if (!this.damagedNames.has(image)) {
      const hint = KNOWN_TYPES.get(image) ?? didYouMean(image, t.TYPE_WORDS);
      this.report(span, `${quoteToken(token)} is not a type`, hint);
      if (hint === undefined) this.damagedNames.add(image);
    }
    this.SKIP_TOKEN();
    return { span, type: undefined, isConst: false, isStatic: false };
  }
}
