using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Layers that move elements between channels and space.</summary>
internal static class RearrangeReaders
{
    public static void ChannelShuffle(LayerScope scope)
    {
        ChannelShuffle layer = new(scope.Options.Int("groups", min: 1));
        scope.Add(_ => layer);
    }

    public static void DepthToSpace(LayerScope scope)
    {
        int block = scope.Options.Int("block", min: 1);
        bool columnRowDepth = scope.Options.Enum<DepthToSpaceMode>("Mode") == DepthToSpaceMode.ColumnRowDepth;
        scope.Add(_ => new DepthToSpace(block, columnRowDepth));
    }

    public static void SpaceToDepth(LayerScope scope)
    {
        SpaceToDepth layer = new(scope.Options.Int("block", min: 1));
        scope.Add(_ => layer);
    }

    /// <summary>The members of the public enum of the same name; the model has a flag.</summary>
    internal enum DepthToSpaceMode
    {
        ColumnRowDepth,
        DepthColumnRow,
    }
}
