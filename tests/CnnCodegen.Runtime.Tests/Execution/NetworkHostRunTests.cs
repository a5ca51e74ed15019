using CnnCodegen.Execution;

namespace CnnCodegen.Runtime.Tests.Execution;

public sealed class NetworkHostRunTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Outputs_are_computed(int threads)
    {
        using NetworkHost host = Hosts.Open(options: new NetworkOptions { Threads = threads });
        float[] x = Hosts.Input(1), y = new float[ScaleProgram.Length], z = new float[ScaleProgram.Length];

        Hosts.Call(host, x, y);
        host.Run([x.AsMemory()], [z.AsMemory()]);

        Assert.Equal(Hosts.Expected(x), y);
        Assert.Equal(y, z);
    }

    [Fact]
    public void Wrong_lengths_name_the_tensor_and_its_shape()
    {
        using NetworkHost host = Hosts.Open();
        float[] right = new float[ScaleProgram.Length], wrong = new float[ScaleProgram.Length + 1];

        ArgumentException input = Assert.Throws<ArgumentException>(() => Hosts.Call(host, wrong, right));
        ArgumentException output = Assert.Throws<ArgumentException>(() => Hosts.Call(host, right, wrong.AsSpan(0, 3)));

        Assert.StartsWith("Scale: input 'x' is 1x4x16, expected 64 elements but 65 were given", input.Message);
        Assert.StartsWith("Scale: output 'y' is 1x4x16, expected 64 elements but 3 were given", output.Message);
    }

    [Fact]
    public void Wrong_counts_list_the_tensors()
    {
        using NetworkHost host = Hosts.Open();
        Memory<float> memory = new float[ScaleProgram.Length];

        ArgumentException inputs = Assert.Throws<ArgumentException>(() => host.Run([memory, memory], [memory]));
        ArgumentException outputs = Assert.Throws<ArgumentException>(() => host.Run([memory], []));
        ArgumentException arguments = Assert.Throws<ArgumentException>(() => host.Run(default(ReadOnlySpan<Argument>), default));

        Assert.StartsWith("Scale has 1 inputs (x 1x4x16), but 2 were given", inputs.Message);
        Assert.StartsWith("Scale has 1 outputs (y 1x4x16), but 0 were given", outputs.Message);
        Assert.StartsWith("Scale has 1 inputs (x 1x4x16), but 0 were given", arguments.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(ScaleProgram.Length - 1)]
    public void An_output_may_not_overlap_an_input(int shift)
    {
        using NetworkHost host = Hosts.Open();
        float[] memory = new float[2 * ScaleProgram.Length];

        ArgumentException error = Assert.Throws<ArgumentException>(
            () => Hosts.Call(host, memory.AsSpan(shift, ScaleProgram.Length), memory.AsSpan(0, ScaleProgram.Length)));

        Assert.StartsWith("Scale: output 'y' overlaps input 'x'", error.Message);
        Hosts.Call(host, memory.AsSpan(ScaleProgram.Length), memory.AsSpan(0, ScaleProgram.Length));
        Assert.All(memory[..ScaleProgram.Length], value => Assert.Equal(1, value));
    }

    [Fact]
    public void Outputs_may_not_overlap_each_other()
    {
        NetworkInfo info = new ScaleProgram().Info;
        ArgumentCheck check = new(new NetworkInfo(info.Name, info.Isa, info.Inputs, [info.Outputs[0], new TensorInfo("z", [2])], [], () => [], 0, 0, 0));
        float[] memory = new float[ScaleProgram.Length + 2];

        ArgumentException error = Assert.Throws<ArgumentException>(() => Check(check, memory, ScaleProgram.Length - 1));

        Assert.StartsWith("Scale: output 'z' overlaps output 'y'", error.Message);
        Check(check, memory, ScaleProgram.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Calls_allocate_nothing(int threads)
    {
        using NetworkHost host = Hosts.Open(options: new NetworkOptions { Threads = threads });
        float[] x = Hosts.Input(1), y = new float[ScaleProgram.Length];
        Calls(10);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Calls(100);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Calls(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Hosts.Call(host, x, y);
                host.Run([x.AsMemory()], [y.AsMemory()]);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Concurrent_calls_do_not_disturb_each_other(int threads)
    {
        using NetworkHost host = Hosts.Open(options: new NetworkOptions { Threads = threads });

        bool[] right = Parallel(8, seed =>
        {
            float[] x = Hosts.Input(seed), expected = Hosts.Expected(x), y = new float[ScaleProgram.Length];
            for (int i = 0; i < 500; i++)
            {
                Array.Clear(y);
                Hosts.Call(host, x, y);
                if (!y.AsSpan().SequenceEqual(expected)) return false;
            }
            return true;
        });

        Assert.All(right, Assert.True);
    }

    [Fact]
    public void A_call_whose_workers_are_taken_runs_alone()
    {
        using Barrier both = new(2);
        ScaleProgram program = new() { Started = both.SignalAndWait };
        using NetworkHost host = Hosts.Open(program, new NetworkOptions { Threads = 2 });

        // Neither can pass the barrier unless both run at the same time.
        float[][] results = Parallel(2, seed =>
        {
            float[] y = new float[ScaleProgram.Length];
            Hosts.Call(host, Hosts.Input(seed), y);
            return y;
        });

        Assert.Equal([Hosts.Expected(Hosts.Input(0)), Hosts.Expected(Hosts.Input(1))], results);
    }

    private static unsafe void Check(ArgumentCheck check, float[] memory, int second)
    {
        float* input = stackalloc float[ScaleProgram.Length];
        fixed (float* pointer = memory)
            check.All([new Argument(input, ScaleProgram.Length)], [new Argument(pointer, ScaleProgram.Length), new Argument(pointer + second, 2)]);
    }

    private static T[] Parallel<T>(int count, Func<int, T> body)
    {
        T[] results = new T[count];
        Thread[] threads = [.. Enumerable.Range(0, count).Select(i => new Thread(() => results[i] = body(i)))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        return results;
    }
}
