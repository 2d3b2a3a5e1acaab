import { describeScriptsOn } from '../helpers/scripts-on-bench.ts';

describeScriptsOn('emulated');
