using System.Runtime.CompilerServices;
using CnnCodegen.Execution;
using CnnCodegen.Runtime.Tests.Weights;
using CnnCodegen.Weights;

namespace CnnCodegen.Runtime.Tests.Execution;

public sealed class NetworkHostLifetimeTests : IDisposable
{
    private readonly CountingAllocator _allocator = new();

    public NetworkHostLifetimeTests() => NativeAllocator.Replacement.Value = _allocator;

    public void Dispose() => NativeAllocator.Replacement.Value = null;

    [Fact]
    public void Blocks_have_exactly_the_planned_sizes_and_are_freed()
    {
        NetworkHost host = Hosts.Open();
        Assert.Equal([64], _allocator.Live);

        float[] x = Hosts.Input(1), y = new float[ScaleProgram.Length];
        Hosts.Call(host, x, y);
        Hosts.Call(host, x, y);
        Assert.Equal([64, 256], _allocator.Live);

        host.Dispose();
        host.Dispose();
        Assert.Empty(_allocator.Live);
    }

    [Fact]
    public void A_disposed_host_refuses_to_run()
    {
        NetworkHost host = Hosts.Open();
        host.Dispose();
        float[] x = Hosts.Input(1), y = new float[ScaleProgram.Length];

        Assert.Equal(host.Info.Name, Assert.Throws<ObjectDisposedException>(() => Hosts.Call(host, x, y)).ObjectName);
        Assert.Throws<ObjectDisposedException>(() => host.Profile([x.AsMemory()], [y.AsMemory()], 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Disposing_waits_for_the_last_running_call(int threads)
    {
        using ManualResetEventSlim started = new(), goOn = new();
        ScaleProgram program = new()
        {
            Started = () =>
            {
                started.Set();
                goOn.Wait();
            },
        };
        NetworkHost host = Hosts.Open(program, new NetworkOptions { Threads = threads });
        float[] x = Hosts.Input(1), y = new float[ScaleProgram.Length];
        Thread call = new(() => Hosts.Call(host, x, y));
        call.Start();
        started.Wait();

        host.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Hosts.Call(host, x, new float[ScaleProgram.Length]));
        Assert.Equal([64, 256], _allocator.Live);
        goOn.Set();
        call.Join();
        Assert.Equal(Hosts.Expected(x), y);
        Assert.Empty(_allocator.Live);
    }

    [Fact]
    public void Disposing_amid_many_calls_frees_everything_once()
    {
        for (int round = 0; round < 20; round++)
        {
            NetworkHost host = Hosts.Open(options: new NetworkOptions { Threads = 2 });
            using CountdownEvent running = new(4);
            int wrong = 0;
            Thread[] threads = [.. Enumerable.Range(0, 4).Select(seed => new Thread(() => Interlocked.Add(ref wrong, CallUntilDisposed(host, seed, running))))];
            foreach (Thread thread in threads) thread.Start();
            running.Wait();

            host.Dispose();

            foreach (Thread thread in threads) thread.Join();
            Assert.Equal(0, wrong);
            Assert.Empty(_allocator.Live);
        }
    }

    [Fact]
    public void A_program_that_throws_leaves_the_host_usable()
    {
        ScaleProgram program = new() { Started = () => throw new InvalidOperationException("no") };
        using NetworkHost host = Hosts.Open(program);
        float[] x = Hosts.Input(1), y = new float[ScaleProgram.Length];
        Assert.Throws<InvalidOperationException>(() => Hosts.Call(host, x, y));

        program.Started = null;
        Hosts.Call(host, x, y);

        Assert.Equal(Hosts.Expected(x), y);
        Assert.Equal([64, 256], _allocator.Live);
    }

    [Fact]
    public void Weights_that_do_not_fit_leave_nothing_behind()
    {
        byte[] file = Safetensors.Write(("scale.weight", [5], new float[5]));

        Assert.Throws<WeightFileException>(() => NetworkHost.Open([new ScaleProgram()], new MemoryStream(file), null));

        Assert.Empty(_allocator.Live);
    }

    [Fact]
    public void A_host_that_is_not_disposed_is_collected_with_its_memory()
    {
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Empty(_allocator.Live);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Forget()
    {
        Hosts.Call(Hosts.Open(options: new NetworkOptions { Threads = 2 }), Hosts.Input(1), new float[ScaleProgram.Length]);
        Assert.Equal([64, 256], _allocator.Live);
    }

    /// <summary>Number of wrong results.</summary>
    private static int CallUntilDisposed(NetworkHost host, int seed, CountdownEvent running)
    {
        float[] x = Hosts.Input(seed), expected = Hosts.Expected(x), y = new float[ScaleProgram.Length];
        int wrong = 0;
        for (int i = 0; ; i++)
        {
            try
            {
                Hosts.Call(host, x, y);
            }
            catch (ObjectDisposedException)
            {
                return wrong;
            }
            if (!y.AsSpan().SequenceEqual(expected)) wrong++;
            if (i == 0) running.Signal();
        }
    }
}
