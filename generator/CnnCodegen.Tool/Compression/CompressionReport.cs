using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;
using CnnCodegen.Weights;

namespace CnnCodegen.Tool.Compression;

/// <summary>One line of the report.</summary>
/// <param name="Name">The layer.</param>
/// <param name="DenseWeights">Number of its weights before, zeros included.</param>
/// <param name="Error">Euclidean norm of the change of its value relative to the value's own; null where their shapes differ.</param>
/// <param name="Before">The layer as it was.</param>
/// <param name="After">The layer as it is.</param>
internal sealed record ReportLine(string Name, long DenseWeights, double? Error, LayerFigures Before, LayerFigures After)
{
    /// <summary>The share of the former weights that are left.</summary>
    public double Density => (double)After.Weights / DenseWeights;

    /// <summary>What the file takes for each of the former weights.</summary>
    public double Bits => 8.0 * After.Bytes / DenseWeights;
}

/// <summary>What a compression did to each layer, and to the network.</summary>
/// <param name="Layers">The convolution and linear layers.</param>
/// <param name="Total">All of them; the error is that of the outputs.</param>
internal sealed record CompressionReport(IReadOnlyList<ReportLine> Layers, ReportLine Total)
{
    /// <param name="before">The network.</param>
    /// <param name="after">The compressed one, in which some layers may be gone.</param>
    /// <param name="stored">The tensors that stand for each of its own in the weight file.</param>
    /// <param name="samples">Inputs for the errors: each network reads its own layers' values, so they accumulate.</param>
    /// <param name="isa">What to compile for.</param>
    /// <param name="runs">Runs to time; 0 for none.</param>
    public static CompressionReport Of(
        ImportedNetwork before, ImportedNetwork after, IReadOnlyDictionary<string, StoredTensor[]> stored, IReadOnlyList<ReadOnlyMemory<float>[]> samples, TargetIsa isa, int runs)
    {
        Node[] layers = [.. before.Model.Nodes.Where(n => n.Layer is WeightedLayer)];
        string[] names = [.. layers.Select(n => n.Name)];
        (IReadOnlyDictionary<string, double> timesBefore, IReadOnlyDictionary<string, double> timesAfter) = StepTimes.Of(before, after, samples[0], isa, runs);
        IReadOnlyDictionary<string, StoredTensor[]> plain = before.Weights.ToDictionary(w => w.Key, w => (StoredTensor[])[new(w.Key, w.Value.Shape, w.Value.Data)]);
        IReadOnlyDictionary<string, LayerFigures> figuresBefore = LayerFigures.Of(before, names, plain, timesBefore), figuresAfter = LayerFigures.Of(after, names, stored, timesAfter);
        ValueErrors errors = ValueErrors.Of(before, after, samples, isa);
        ReportLine[] lines = [.. names.Select(n => new ReportLine(n, before.Weight(n + ".weight").LongLength, errors.Find(n), figuresBefore[n], figuresAfter[n]))];

        // All of the file and of the run, whatever layer it belongs to.
        LayerFigures all = lines.Aggregate(default(LayerFigures), (sum, l) => sum + l.Before) with { Bytes = CompactWeights.Bytes(plain.Values.SelectMany(t => t)), Microseconds = timesBefore.GetValueOrDefault("") };
        LayerFigures left = lines.Aggregate(default(LayerFigures), (sum, l) => sum + l.After) with { Bytes = CompactWeights.Bytes(stored.Values.SelectMany(t => t)), Microseconds = timesAfter.GetValueOrDefault("") };
        return new CompressionReport(lines, new ReportLine("total", lines.Sum(l => l.DenseWeights), errors.Outputs, all, left));
    }
}
