import { describeProgramsOn } from '../helpers/programs-on-bench.ts';

describeProgramsOn('emulated', [100]);
