import { describeProgramsOn } from '../helpers/programs-on-bench.ts';

describeProgramsOn('native');
