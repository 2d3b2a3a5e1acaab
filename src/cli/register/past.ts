import type { Command } from 'commander';
import { DEFAULT_FAIL_ON, FINDING_KINDS } from '../../compare/index.ts';
import { RUN_NAMES } from '../find-record.ts';
import { DEFAULT_TRENDS } from '../write-report.ts';
import { action } from '../action.ts';
import { compareCommand } from '../commands/compare.ts';
import { historyPruneCommand } from '../commands/history-prune.ts';
import { historyCommand } from '../commands/history.ts';
import { reportCommand } from '../commands/report.ts';
import { showCommand } from '../commands/show.ts';
import { count } from '../options.ts';

/** Commands about runs of the past. */
export function registerPastCommands(root: Command): void {
  const history = root
    .command('history')
    .description('list the runs and nightlies of the past, newest first')
    .option('--last <n>', 'how many (default 20)', count)
    .option('--case <id>', 'how one case went in them')
    .option('--export <file>', 'write the whole history as JSON, one document a line')
    .option('--import <file>', 'take in what another history exported')
    .option('--costs <file>', 'take in what bench vm --json wrote')
    .action(action('history', historyCommand));

  history
    .command('prune')
    .description(
      'remove old runs, but the last that passed of each suite or program and its benches',
    )
    .option('--keep <n>', 'keep the newest so many', count)
    .option('--older-than <days>', 'remove those that were started longer ago', count)
    .option('--dry-run', 'only list what would go')
    .action(action('history prune', historyPruneCommand));

  root
    .command('show')
    .description('show a run or a nightly of the past as it ended')
    .argument('<run>', RUN_NAMES)
    .option('--case <id>', 'of a nightly: one case')
    .option('--vcd <file>', "write the run's waveforms, for GTKWave and its like")
    .option('--json <file>', 'write the record')
    .action(action('show', showCommand));

  root
    .command('compare')
    .description('say what is different between two runs or nightlies, and whether it got worse')
    .argument('<before>', RUN_NAMES)
    .argument('<after>', 'likewise')
    .option(
      '--fail-on <kinds>',
      `what to end with exit code 1 for: some of ${FINDING_KINDS.join(',')}, or any, or none (default ${DEFAULT_FAIL_ON.join(',')})`,
    )
    .option('--json <file>', 'write the comparison as JSON')
    .option('--markdown <file>', 'write it as Markdown, for a pull request')
    .option('--junit <file>', 'write it as JUnit XML')
    .option('--html <file>', 'write it as one HTML file')
    .action(action('compare', compareCommand));

  root
    .command('report')
    .description('write a run or a nightly, with its past, as one HTML file')
    .argument('[run]', `${RUN_NAMES} (default latest)`)
    .option('-o, --output <file>', 'where to write it', 'report.html')
    .option('--against <run>', 'with a comparison: what it was before')
    .option('--last <n>', `most runs of the past to show (default ${DEFAULT_TRENDS})`, count)
    .action(action('report', reportCommand));
}
