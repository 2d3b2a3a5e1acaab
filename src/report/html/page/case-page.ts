import type { AttemptData, CaseData, CaseTrend, PageData, ProgramData, RunData } from '../data.ts';
import { lineChart } from './chart.ts';
import { divergenceSection, sourceLine, triageSection } from './divergence.ts';
import { pinText } from '../../pin-text.ts';
import { badge, block, dataTable, h, lines, pairs, section, type Child } from './dom.ts';
import { forensicsSection } from './forensics.ts';
import { recoveryTable } from './run-page.ts';
import { waveforms } from './wave.ts';
import { duration, minute, thousands } from './words.ts';

function faultSection({ fault }: ProgramData): Child {
  if (fault === undefined) return undefined;
  return section(
    `Program fault ${fault.code} ${fault.name} at step ${fault.step}`,
    sourceLine(fault.source),
    h('p', {}, h('code', {}, fault.instruction)),
  );
}

function lastStepsSection({ lastSteps: last }: ProgramData): Child {
  if (last === undefined) return undefined;
  const what = { unended: 'never ended', wrong: 'was wrong', ended: 'was the end of the program' };
  return section(
    `How far the board came: step ${last.step} ${what[last.how]}`,
    sourceLine(last.source),
    pairs(['instruction', last.instruction], ['model', last.expected], ['board', last.actual]),
  );
}

function leftBehind({ finalState }: ProgramData): Child {
  if (finalState === undefined || finalState.differences.length === 0) return undefined;
  return section(
    'State left behind differs',
    dataTable(
      'Cells that differ',
      ['cell', 'model', 'board'],
      finalState.differences.map(({ region, index, name, expected = '-', actual = '-' }) => [
        `${region}[${index}]${name === undefined ? '' : ` (${name})`}`,
        expected,
        actual,
      ]),
      [1, 2],
    ),
  );
}

function facts(program: ProgramData): Child {
  const { model, compared, ended, rounds, notCompared, instructions, strings } = program;
  return pairs(
    ['steps', compared],
    ['rounds of loop()', thousands(rounds)],
    ['end', ended],
    ['program', `${instructions} instructions, ${strings} strings`],
    ['digest', model && `steps ${model.digest.stream}, state ${model.digest.state}`],
    ['most on the stack', model && `${model.stackHighWater} values`],
    [
      'not compared',
      notCompared
        .filter(({ count }) => count > 0)
        .map(({ count, what }) => `${count} ${what}`)
        .join('; '),
    ],
  );
}

function opcodes({ model }: ProgramData): Child {
  if (model === undefined) return undefined;
  const rows = Object.entries(model.opcodes).sort(([, a], [, b]) => b - a);
  return h(
    'details',
    {},
    h('summary', {}, `${rows.length} kinds of instructions ran`),
    dataTable(
      'How often each instruction ran',
      ['opcode', 'times', 'share'],
      rows.map(([name, count]) => [
        name,
        thousands(count),
        `${((100 * count) / Math.max(model.steps, 1)).toFixed(1)} %`,
      ]),
      [1, 2],
    ),
  );
}

function programPart(program: ProgramData, several: boolean): Child {
  const { vmName, file, output, divergence, triage, verdict } = program;
  return h(
    'div',
    {},
    several && h('h2', {}, `${vmName}: ${file} `, badge(verdict.outcome)),
    divergence !== undefined && divergenceSection(divergence),
    lastStepsSection(program),
    leftBehind(program),
    faultSection(program),
    triage !== undefined && triageSection(triage),
    section(
      several ? `What ${vmName} printed` : 'What it printed',
      output === '' ? h('p', {}, 'nothing') : block(output, `printed by ${file}`),
    ),
  );
}

function numbers(program: ProgramData, several: boolean): Child {
  const title = several ? `${program.vmName} in numbers` : 'In numbers';
  return section(title, facts(program), opcodes(program));
}

/** Measured intervals of pins beside what the program's delays add up to; in real time only. */
function timing(run: RunData): Child {
  const { pinTiming, pinTimingNotes, link } = run;
  return [
    (pinTiming.length > 0 || pinTimingNotes.length > 0) &&
      section(
        'Pin timing, watched from outside',
        dataTable(
          'Intervals between edges',
          ['pin', 'level', 'program says', 'measured'],
          pinTiming.map(({ pin, level, nominalMs, measuredMs }) => [
            pinText(run, pin),
            level,
            `${nominalMs.toFixed(0)} ms`,
            `${measuredMs.toFixed(2)} ms`,
          ]),
          [1, 2, 3],
        ),
        pinTimingNotes.map((note) => h('p', { class: 'note' }, note)),
      ),
    link !== undefined &&
      h(
        'p',
        { class: 'note' },
        `serial line: ${thousands(link.bytesIn)} bytes in, ${thousands(link.bytesOut)} out, ${link.badFrames} bad frames, ${link.repeats} repeated requests`,
      ),
  ];
}

function pins(run: RunData): Child {
  const { programs, edges } = run;
  const changes = programs.flatMap(({ model }) => model?.pins ?? []).sort(([a], [b]) => a - b);
  const omitted = programs.reduce((sum, { model }) => sum + (model?.pinsOmitted ?? 0), 0);
  const end = Math.max(0, ...programs.map(({ model }) => model?.timeUs ?? 0));
  // Only the first changes are kept; what comes after the last of them is no flat line.
  const waves = waveforms(changes, edges, omitted === 0 ? end : 0, (pin) => pinText(run, pin));
  if (waves === undefined) return undefined;
  return section(
    'Pins over time',
    omitted > 0 && h('p', { class: 'note' }, `The last ${omitted} changes are not in the record.`),
    waves,
  );
}

function expectations({ expectations: list }: AttemptData): Child {
  if (list.length === 0) return undefined;
  return section(
    'What the suite expects',
    dataTable(
      'Expectations',
      ['of', 'expected', 'was', 'met'],
      list.map(({ what, expected, actual, met }) => [what, expected, actual, met ? 'yes' : 'NO']),
    ),
  );
}

function attemptPart(attempt: AttemptData, shown: boolean, several: boolean): HTMLElement {
  const { number, bench, startedAt, ms, verdict, run } = attempt;
  const cause = verdict.causeClass === undefined ? '' : ` [${verdict.causeClass}]`;
  const body = [
    several && h('p', {}, badge(verdict.outcome), `${cause} ${verdict.summary}`),
    verdict.fix !== undefined && h('p', {}, `What helps: ${verdict.fix}`),
    pairs(
      ['bench', bench],
      ['ran on', run?.ranOn],
      ['board', run && lines(run.health)],
      ['started', `${minute(startedAt)}, took ${duration(ms)}`],
      ['time of the run', run?.took],
      ['again', run && h('code', {}, run.command)],
    ),
    expectations(attempt),
    run?.programs.map((program) => programPart(program, run.programs.length > 1)),
    run && forensicsSection(run),
    run && pins(run),
    run && timing(run),
    run?.programs.map((program) => numbers(program, run.programs.length > 1)),
  ];
  if (!several) return h('div', {}, body);
  return h(
    'details',
    { class: 'attempt', open: shown },
    h('summary', {}, `Attempt ${number} on ${bench}: ${verdict.outcome}`),
    body,
  );
}

const WORDS: Readonly<Record<string, string>> = {
  P: 'passed',
  F: 'failed',
  E: 'errored',
  K: 'flaky',
  Q: 'quarantined',
  S: 'skipped',
};

function past(trend: CaseTrend | undefined, data: PageData): Child {
  const runs = data.trends?.runs ?? [];
  if (trend === undefined || runs.length < 2) return undefined;
  const seconds = trend.ms.map((ms) => (ms === null ? null : ms / 1000));
  return section(
    'In the past',
    h(
      'p',
      { class: 'strip' },
      trend.outcomes.split(/(?=.)/).map((letter, index) => {
        const word = WORDS[letter] ?? 'not run';
        const name = `${runs[index]?.commit ?? ''} ${word}`;
        return h(
          'span',
          { class: `dot ${word.replace(' ', '-')}`, title: name, role: 'img', 'aria-label': name },
          letter,
        );
      }),
    ),
    lineChart(
      'Duration in seconds over the runs',
      runs.map(({ commit }) => commit),
      [{ label: 'seconds', values: seconds }],
    ),
  );
}

/** A case: what it was, each attempt, and how it went before. */
export function casePage(one: CaseData, data: PageData): HTMLElement {
  const {
    id,
    outcome,
    summary,
    causeClass,
    tags,
    files,
    mode,
    clock,
    attempts,
    flake,
    quarantine,
  } = one;
  const cause = causeClass === undefined ? '' : ` [${causeClass}]`;
  const recoveries = (data.result?.recoveries ?? []).filter((it) => it.case === id);
  // The one that went wrong is what somebody came for.
  const shown = attempts.find(({ verdict }) => verdict.outcome !== 'passed') ?? attempts.at(-1);
  return h(
    'div',
    {},
    h('p', {}, h('a', { href: '#/' }, 'All cases')),
    h(
      'div',
      { class: `verdict ${outcome}`, role: 'group', 'aria-label': 'Verdict' },
      h('h1', {}, id),
      h('p', { class: 'reason' }, badge(outcome), `${cause} ${summary}`),
      flake !== undefined && h('p', {}, `The flake goes with: ${flake.follows}. ${flake.reason}`),
      quarantine !== undefined &&
        h(
          'p',
          {},
          `In quarantine until ${quarantine.expires}: ${quarantine.issue}, ${quarantine.owner}`,
        ),
      h(
        'p',
        { class: 'note' },
        [files.join(', '), `${mode} mode`, `${clock} clock`, ...tags].join(' · '),
      ),
    ),
    attempts.length === 0 && h('p', {}, 'It was not run.'),
    attempts.map((attempt) => attemptPart(attempt, attempt === shown, attempts.length > 1)),
    recoveries.length > 0 && section('Recovery of the board', recoveryTable(recoveries)),
    past(data.trends?.cases[id], data),
  );
}
