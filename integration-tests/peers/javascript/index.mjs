// Handlers of the JavaScript SDK, as a user of it writes them.
import { withDurableExecution } from "@aws/durable-execution-sdk-js";

let failures = 0;

const failsOnce = async () => {
  failures += 1;
  if (failures === 1) {
    throw new Error("busy");
  }
  return failures;
};

export const order = withDurableExecution(async (event, context) => {
  const reserved = await context.step("reserve", async () => ({ items: event.items, at: 1.5 }));
  const attempts = await context.step("charge", failsOnce, {
    retryStrategy: (error, attempt) => ({ shouldRetry: attempt < 3, delay: { seconds: 2 } }),
  });
  await context.wait("warehouse", { hours: 1 });
  const labels = await context.map("label", event.items, async (item, text) =>
    item.step("print", async () => text.toUpperCase()),
  );
  const carriers = await context.parallel("quotes", [
    async (branch) => branch.step("near", async () => 5),
    async (branch) => branch.step("far", async () => 7),
  ]);
  const packed = await context.runInChildContext("pack", async (child) => {
    const box = await child.step("box", async () => "small");
    await child.wait("glue", { minutes: 1 });
    return `${box} box`;
  });
  const polled = await context.waitForCondition("poll", async (state) => state + 1, {
    initialState: 0,
    waitStrategy: (state) =>
      state < 3 ? { shouldContinue: true, delay: { seconds: 30 } } : { shouldContinue: false },
  });
  const approved = await context.waitForCallback("approval", async () => {});
  return {
    reserved,
    attempts,
    labels: labels.getResults(),
    carriers: carriers.getResults(),
    packed,
    polled,
    approved: JSON.parse(approved),
  };
});

export const answer = withDurableExecution(async (event, context) => {
  if (event.text === "bad") {
    throw new Error("no bad words");
  }
  const upper = await context.step("upper", async () => event.text.toUpperCase());
  await context.wait("think", { minutes: 1 });
  return { upper, by: "javascript" };
});

export const ask = withDurableExecution(async (event, context) => {
  try {
    return await context.invoke("ask", event.function, { text: event.text });
  } catch (error) {
    return { failed: error.message };
  }
});
