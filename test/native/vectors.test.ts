import { describeVectors } from '../helpers/vectors/suite.ts';

describeVectors('native');
describeVectors('sanitized');
