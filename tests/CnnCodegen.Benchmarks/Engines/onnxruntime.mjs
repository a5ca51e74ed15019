// ONNX Runtime (CPU) behind a pipe: one session, one line of JSON for each line of the standard input.
//
//   node onnxruntime.mjs MODEL.onnx THREADS [log] [precise]
//
// With "log", what the library does goes to the standard error, with a line "loaded" before the first run.
// With "precise", products of 8 bits are added without saturation, which is not what the library does by itself on CPUs without VNNI.
// After the first run, unasked:  {"import_ms", "load_ms", "first_ms"}
//   run MS    runs for so many milliseconds, once at least:   {"times": [ms, ...]}
//   output    what the last run computed:                     {"data": base64 of float32}
//   memory    resident bytes at the most:                     {"peak"}
// It ends with its input. onnxruntime-node is looked up in NODE_PATH.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [modelPath, threads, ...words] = process.argv.slice(2);
const log = words.includes('log');
const answer = (value) => process.stdout.write(JSON.stringify(value) + '\n');
const timed = async (f) => {
  const start = performance.now();
  const value = await f();
  return [performance.now() - start, value];
};

const [import_ms, ort] = await timed(() => createRequire(import.meta.url)('onnxruntime-node'));
if (log) ort.env.logLevel = 'verbose';
const [load_ms, session] = await timed(() => ort.InferenceSession.create(modelPath, {
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  intraOpNumThreads: Number(threads),
  interOpNumThreads: 1,
  extra: { session: { x64quantprecision: words.includes('precise') ? '1' : '0' } },
}));

// The generator of Noise.cs.
const length = (shape) => shape.reduce((a, b) => a * b, 1);
const [source] = session.inputMetadata, [result] = session.outputMetadata;
const values = new Float32Array(length(source.shape));
for (let i = 0, x = 12345; i < values.length; i++) {
  x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
  values[i] = (x >>> 8) / 8388608 - 1;
}

// An output tensor of ours keeps allocation and garbage collection out of the times.
const output = new Float32Array(length(result.shape));
const feeds = { [source.name]: new ort.Tensor('float32', values, source.shape) };
const fetches = { [result.name]: new ort.Tensor('float32', output, result.shape) };
const options = log ? { logSeverityLevel: 0 } : {};
const run = () => session.run(feeds, fetches, options);
if (log) process.stderr.write('loaded\n');
const [first_ms] = await timed(run);
answer({ import_ms, load_ms, first_ms });

for await (const line of createInterface({ input: process.stdin })) {
  const [word, argument] = line.split(' ');
  if (word === 'run') {
    const times = [];
    const begin = performance.now();
    do times.push((await timed(run))[0]); while (performance.now() - begin < Number(argument));
    answer({ times });
  } else if (word === 'output') {
    answer({ data: Buffer.from(output.buffer).toString('base64') });
  } else if (word === 'memory') {
    answer({ peak: 1024 * process.resourceUsage().maxRSS });
  }
}
