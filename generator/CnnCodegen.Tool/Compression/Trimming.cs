using CnnCodegen.Compression;
using CnnCodegen.Tool.Compression.Channels;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Compression;

/// <summary>Methods that make whole filters zero, which are then removed through the network.</summary>
internal static class Trimming
{
    /// <summary>Filters, then input channels, of small weights.</summary>
    public static ImportedNetwork Structured(CompressionJob job)
    {
        double threshold = job[MethodCatalog.Threshold];
        return ChannelRemoval.Apply(job.WithWeights([.. job.Layers.Select(layer =>
        {
            int[] shape = job.WeightShape(layer);
            float[] filters = StructuredSparsity.Filters(job.Weight(layer), shape[0], threshold);
            return StructuredSparsity.Channels(filters, shape[0], shape[1], threshold);
        })]));
    }
}
