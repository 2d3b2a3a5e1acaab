/** `switch`: the subject is compared with each case in turn; the bodies follow in the order of the source. */
import { newLabel, type Label } from './assembly.ts';
import { factsOf } from './facts.ts';
import type { FunctionCode } from './generate-context.ts';
import { generateValue } from './generate-expression.ts';
import { inside, type StatementContext, type StatementGenerator } from './statement-context.ts';
import type { SwitchItem, TypedStatement, VariableSymbol } from './typed.ts';

type Switch = Extract<TypedStatement, { kind: 'switch' }>;
type CaseLabel = Extract<SwitchItem, { kind: 'label' }>;
type Labels = ReadonlyMap<CaseLabel, Label>;

export function generateSwitch(
  to: FunctionCode,
  statement: Switch,
  context: StatementContext,
  { statement: generate }: StatementGenerator,
): void {
  const { code } = to;
  const { items, span } = statement;
  const { height: before } = code;
  const end = newLabel();
  const labels: Labels = new Map(
    items.filter((item) => item.kind === 'label').map((item) => [item, newLabel()]),
  );
  const subject = keepSubject(to, statement);
  // A case may be behind the declaration of a variable that it uses.
  to.reserve(items.flatMap(declaredIn));
  const { height } = code;
  const fallback = generateDispatch(to, statement, labels, subject) ?? end;
  code.emit('JMP', span, fallback);
  const within = inside(context, { breakTo: { label: end, height } });
  for (const item of items) {
    if (item.kind !== 'label') generate(to, item, within);
    else {
      const label = labels.get(item);
      if (label !== undefined) code.bind(label);
    }
  }
  code.bind(end);
  to.release(before, span);
}

/** Variables that are declared directly between the braces. */
function declaredIn(item: SwitchItem): readonly VariableSymbol[] {
  if (item.kind === 'declare') return [item.symbol];
  return item.kind === 'declarations' ? item.items.flatMap(declaredIn) : [];
}

/** Puts a subject that takes more than one instruction on the stack once. What is returned pushes it. */
function keepSubject(to: FunctionCode, { subject, items, span }: Switch): () => void {
  const { pure, cost } = factsOf(subject);
  const cases = items.filter((item) => item.kind === 'label' && item.value !== undefined);
  const once = cases.length === 1;
  if (once || (pure && cost === 1)) {
    return () => {
      generateValue(to, subject);
    };
  }
  generateValue(to, subject);
  const slot = to.code.height - 1;
  return () => {
    to.code.emit('LOAD_LOCAL', span, slot);
  };
}

/** Jumps to the case that fits. The result is the label of `default`, which is left to the caller. */
function generateDispatch(
  { code }: FunctionCode,
  { subject }: Switch,
  labels: Labels,
  pushSubject: () => void,
): Label | undefined {
  let fallback: Label | undefined;
  for (const [item, label] of labels) {
    const { value, span } = item;
    if (value === undefined) fallback = label;
    else if (subject.kind === 'constant') {
      if (subject.value === value) code.emit('JMP', span, label);
    } else {
      pushSubject();
      if (value === 0) code.emit('JMP_FALSE', span, label);
      else {
        code.push(value, span);
        code.emit('EQ_SIGNED', span);
        code.emit('JMP_TRUE', span, label);
      }
    }
  }
  return fallback;
}
