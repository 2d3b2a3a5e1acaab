/** Whoever stands at the bench, if anybody does. */
export interface Person {
  /** Whether somebody can be asked now. */
  readonly present: boolean;
  /**
   * Whether something lasting is so, such as a jumper in its place; remembered for the next time.
   * @param id by which the answer is remembered
   * @returns undefined when nobody is there and none is remembered
   */
  lasting(id: string, question: string): Promise<boolean | undefined>;
  /** Whether something is so now; never remembered. @returns undefined when nobody is there */
  now(question: string): Promise<boolean | undefined>;
}

/** What a person is asked by. @returns the line typed; undefined when the input has ended */
export type Ask = (question: string) => Promise<string | undefined>;

const YES = /^(y|yes)$/i;
const NO = /^(n|no)$/i;

/** Asks until the answer is yes or no. */
async function yesOrNo(ask: Ask, question: string): Promise<boolean | undefined> {
  for (;;) {
    const answer = (await ask(`${question} [y/n] `))?.trim();
    if (answer === undefined) return undefined;
    if (YES.test(answer)) return true;
    if (NO.test(answer)) return false;
  }
}

/** Answers of before, of one board. */
export interface Memory {
  get(id: string): boolean | undefined;
  set(id: string, answer: boolean): Promise<void>;
}

/** @param ask undefined: nobody is there. @param again whether what is remembered is asked again */
export function createPerson(ask: Ask | undefined, memory: Memory, again: boolean): Person {
  return {
    present: ask !== undefined,
    lasting: async (id, question) => {
      const before = memory.get(id);
      // A jumper that was not there may be by now.
      if (before === true && !again) return true;
      if (ask === undefined) return before;
      const answer = await yesOrNo(ask, question);
      if (answer !== undefined) await memory.set(id, answer);
      return answer;
    },
    now: async (question) => (ask === undefined ? undefined : yesOrNo(ask, question)),
  };
}
