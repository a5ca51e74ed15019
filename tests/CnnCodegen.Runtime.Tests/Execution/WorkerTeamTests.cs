using CnnCodegen.Execution;

namespace CnnCodegen.Runtime.Tests.Execution;

public sealed unsafe class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(16)]
    public void Every_unit_is_done_exactly_once_in_a_few_even_ranges_a_thread(int threads)
    {
        WorkerTeam team = new(threads);
        foreach (int units in (int[])[1, 2, 3, 4, 5, 7, 15, 16, 17, 100, 1001])
        {
            int[] done = new int[units], sizes = new int[units];
            fixed (int* first = done, second = sizes)
                team.Run(&Count, new Operands((byte*)second, null, null, (byte*)first), units);

            Assert.All(done, times => Assert.Equal(1, times));
            int[] ranges = [.. sizes.Where(size => size > 0)];
            Assert.Equal(threads == 1 ? 1 : Math.Min(units, 4 * threads), ranges.Length);
            Assert.InRange(ranges.Max() - ranges.Min(), 0, 1);
        }
        team.Stop();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Steps_follow_each_other(int threads)
    {
        const int steps = 20_000, units = 64;
        WorkerTeam team = new(threads);
        int[] a = new int[units], b = new int[units];
        fixed (int* first = a, second = b)
        {
            // Each step reads what other threads wrote in the step before.
            for (int step = 0; step < steps; step++)
                team.Run(&Rotate, step % 2 == 0 ? new Operands((byte*)first, null, null, (byte*)second) : new Operands((byte*)second, null, null, (byte*)first), units);
        }
        team.Stop();
        Assert.All(a, value => Assert.Equal(steps, value));
    }

    /// <summary>A worker that comes late to a short step must not take a part of the longer one after it for a part of the step it knows.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Short_and_long_steps_follow_each_other(int threads)
    {
        const int steps = 200_000, units = 32;
        int[] done = new int[units], sizes = new int[units];
        Thread caller = new(() =>
        {
            WorkerTeam team = new(threads);
            fixed (int* first = done, second = sizes)
            {
                Operands operands = new((byte*)second, null, null, (byte*)first);
                for (int step = 0; step < steps; step++) team.Run(&Count, in operands, step % 2 == 0 ? 2 : units);
            }
            team.Stop();
        }) { IsBackground = true };
        caller.Start();

        Assert.True(caller.Join(TimeSpan.FromMinutes(2)), $"{threads} threads wait for each other");
        Assert.All(done, (times, unit) => Assert.Equal(unit < 2 ? steps : steps / 2, times));
    }

    [Fact]
    public void Parts_that_a_stuck_worker_has_not_begun_are_done_by_the_others()
    {
        const int units = 100;
        WorkerTeam team = new(2);
        int[] done = new int[units];
        Gate gate = new() { Caller = Environment.CurrentManagedThreadId, Units = units };
        fixed (int* pointer = done)
        {
            Operands operands = new((byte*)&gate, null, null, (byte*)pointer);
            team.Run(&CountUnlessStuck, in operands, units);
        }
        team.Stop();

        Assert.Equal(0, gate.Missed);
        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Fact]
    public void Idle_workers_use_no_processor_time()
    {
        WorkerTeam team = new(4);
        int[] done = new int[4], sizes = new int[4];
        fixed (int* first = done, second = sizes)
            team.Run(&Count, new Operands((byte*)second, null, null, (byte*)first), 4);
        Assert.True(SpinWait.SpinUntil(() => team.Parked == 3, TimeSpan.FromSeconds(30)));

        // Other tests run at the same time: only a moment in which none uses much shows that the workers use nothing.
        TimeSpan least = TimeSpan.MaxValue, moment = TimeSpan.FromMilliseconds(200);
        bool isIdle = SpinWait.SpinUntil(
            () =>
            {
                TimeSpan before = Environment.CpuUsage.TotalTime;
                Thread.Sleep(moment);
                TimeSpan used = Environment.CpuUsage.TotalTime - before;
                if (used < least) least = used;
                return least < moment / 20;
            },
            TimeSpan.FromSeconds(60));
        team.Stop();
        Assert.True(isIdle, $"{least.TotalMilliseconds} ms of processor time in {moment.TotalMilliseconds} ms");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void An_exception_reaches_the_caller_and_the_team_goes_on(int failingUnit)
    {
        WorkerTeam team = new(4);
        int[] done = new int[4];
        int failed = failingUnit;
        fixed (int* pointer = done)
        {
            Operands operands = new((byte*)&failingUnit, null, null, (byte*)pointer);
            for (int i = 0; i < 100; i++)
            {
                InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Run(team, operands));
                Assert.Equal($"unit {failingUnit}", error.Message);
            }
            failingUnit = -1;
            Run(team, operands);
        }
        team.Stop();
        Assert.All(done, (times, unit) => Assert.Equal(unit == failed ? 1 : 101, times));
    }

    [Fact]
    public void Idle_workers_sleep_and_wake_again()
    {
        WorkerTeam team = new(3);
        int[] done = new int[3], sizes = new int[3];
        for (int round = 1; round <= 3; round++)
        {
            Assert.True(SpinWait.SpinUntil(() => team.Parked == 2, TimeSpan.FromSeconds(30)));
            fixed (int* first = done, second = sizes)
                team.Run(&Count, new Operands((byte*)second, null, null, (byte*)first), 3);
            Assert.All(done, times => Assert.Equal(round, times));
        }
        team.Stop();
        Assert.True(SpinWait.SpinUntil(() => team.Parked == 0, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void One_call_at_a_time_gets_the_workers()
    {
        WorkerTeam team = new(2);

        Assert.True(team.TryAcquire());
        Assert.False(team.TryAcquire());
        team.Release();
        Assert.True(team.TryAcquire());
        Assert.False(WorkerTeam.Single.TryAcquire());
        team.Stop();
    }

    private static void Run(WorkerTeam team, in Operands operands) => team.Run(&Fail, in operands, 4);

    private static void Count(in Operands operands, int begin, int end)
    {
        for (int unit = begin; unit < end; unit++) Interlocked.Increment(ref ((int*)operands.Output)[unit]);
        ((int*)operands.Input)[begin] = end - begin;
    }

    /// <summary>Counts; a worker gets stuck in its first part until all others are done.</summary>
    private static void CountUnlessStuck(in Operands operands, int begin, int end)
    {
        Gate* gate = (Gate*)operands.Input;
        int* done = (int*)operands.Output;
        if (Environment.CurrentManagedThreadId == gate->Caller)
        {
            // Without the worker, the caller would do everything.
            SpinWait.SpinUntil(() => Volatile.Read(ref gate->Stuck) > 0, TimeSpan.FromSeconds(30));
        }
        else
        {
            Volatile.Write(ref gate->Stuck, end - begin);
            if (!SpinWait.SpinUntil(() => Volatile.Read(ref gate->DoneByCaller) == gate->Units - gate->Stuck, TimeSpan.FromSeconds(30)))
                gate->Missed = gate->Units - gate->Stuck - gate->DoneByCaller;
        }
        for (int unit = begin; unit < end; unit++) done[unit]++;
        if (Environment.CurrentManagedThreadId == gate->Caller) Interlocked.Add(ref gate->DoneByCaller, end - begin);
    }

    private struct Gate
    {
        public int Caller, Units, Stuck, DoneByCaller, Missed;
    }

    private static void Rotate(in Operands operands, int begin, int end)
    {
        for (int unit = begin; unit < end; unit++) ((int*)operands.Output)[unit] = ((int*)operands.Input)[(unit + 37) % 64] + 1;
    }

    private static void Fail(in Operands operands, int begin, int end)
    {
        for (int unit = begin; unit < end; unit++)
        {
            if (unit == *(int*)operands.Input) throw new InvalidOperationException($"unit {unit}");
            ((int*)operands.Output)[unit]++;
        }
    }
}
