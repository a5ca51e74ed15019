using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Verification;

/// <summary>What values of a network are on samples.</summary>
internal sealed class SampleValues : IDisposable
{
    private readonly IReadOnlyList<ReadOnlyMemory<float>[]> _samples;
    private readonly (int Value, int Input)[] _given;
    private readonly int[] _computed;
    private readonly NodeRunner _runner;
    private readonly ImportedNetwork _network;

    /// <param name="network">The network.</param>
    /// <param name="values">Indices of the values; inputs of the network may be among them.</param>
    /// <param name="samples">The inputs of each run.</param>
    /// <param name="isa">What to compile for.</param>
    public SampleValues(ImportedNetwork network, IReadOnlyCollection<int> values, IReadOnlyList<ReadOnlyMemory<float>[]> samples, TargetIsa isa)
    {
        int[] inputs = [.. network.Model.Inputs];
        (_network, _samples) = (network, samples);
        _given = [.. values.Where(inputs.Contains).Select(v => (v, Array.IndexOf(inputs, v)))];
        _computed = [.. values.Except(inputs)];

        // The outputs with them: what no output depends on would have no use for its weights.
        _runner = new NodeRunner(network, [.. _computed, .. network.Model.Outputs], isa);
    }

    /// <summary>Calls with each value, its index first, for one sample after the other.</summary>
    /// <exception cref="CommandException">An element is infinite or no number, of which no scale can be made.</exception>
    public void Visit(Action<int, float[]> visit)
    {
        for (int number = 0; number < _samples.Count; number++)
        {
            ReadOnlyMemory<float>[] sample = _samples[number];
            foreach ((int value, int input) in _given) Checked(value, sample[input].ToArray());
            float[][] results = _runner.Run(sample);
            for (int i = 0; i < _computed.Length; i++) Checked(_computed[i], results[i]);

            void Checked(int value, float[] data)
            {
                int bad = Array.FindIndex(data, x => !float.IsFinite(x));
                if (bad >= 0) throw new CommandException(FormattableString.Invariant($"{_network.Model.Nodes[value].Name}: element {bad} is {data[bad]} on sample {number + 1}; leave that sample out, or mend the weights"));
                visit(value, data);
            }
        }
    }

    public void Dispose() => _runner.Dispose();
}
