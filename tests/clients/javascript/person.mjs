// The person in front of these clients is the test that started them: it reads the mail, looks at the phone, and judges the tokens.
// What is asked and told goes out as lines of JSON; the first line that comes in says which door and pool to go to, the others answer.

import { createInterface } from "node:readline";

const input = createInterface({ input: process.stdin });
const lines = input[Symbol.asyncIterator]();

const heard = async () => JSON.parse((await lines.next()).value);
const say = (message) => process.stdout.write(JSON.stringify(message) + "\n");

// { url, poolId, clientId, secret, username, password, newPassword, email, and what the walk itself needs }
export const settings = await heard();

export const tell = (what) => say({ tell: what });

export async function ask(question, ...about) {
  say({ ask: question, about });
  return heard();
}

// The last thing a walk does; what goes wrong on the way ends Node with an error and its stack.
export const goodbye = () => input.close();
