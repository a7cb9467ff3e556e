/**
 * The workloads. Each returns the number of records and the sum of their fields, which the runner checks.
 *
 * With a count of 0 they send nothing, so that the runner can subtract the start of a program.
 */

export const PAGE = 1_000;
const IDS = 1_000;
const AT_ONCE = 64;

export const workloads = {
  async get(client, count) {
    const total = { count: 0, sum: 0 };
    for (const id of ids(count)) {
      add(total, await client.get(id));
    }
    return total;
  },

  async create(client, count) {
    const total = { count: 0, sum: 0 };
    const record = JSON.parse(process.env.BENCH_RECORD);
    for (let number = 0; number < count; number++) {
      total.sum += await client.create({ ...record, employees: number });
      total.count++;
    }
    return total;
  },

  async 'at once'(client, count) {
    const total = { count: 0, sum: 0 };
    const left = ids(count);
    const worker = async () => {
      for (const id of left) {
        add(total, await client.get(id));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return total;
  },

  async list(client, count) {
    const total = { count: 0, sum: 0 };
    const records = count > 0 ? await client.toArray() : [];
    for (const record of records) {
      add(total, record);
    }
    return total;
  },
};

function* ids(count) {
  for (let number = 0; number < count; number++) {
    yield (number % IDS) + 1;
  }
}

function add(total, { id, employees }) {
  total.count++;
  total.sum += id + employees;
}
