using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import.Rewrites;

/// <summary>Reshape, transpose, reshape: a channel shuffle or a move between channels and space, where it is exactly that.</summary>
internal static class Rearrangements
{
    public static bool Apply(Draft end, Func<Draft, bool> isOnlyRead)
    {
        if (end.Layer is not Reshape) return false;
        Draft transpose = end.Inputs[0];
        if (transpose.Layer is not Transpose { Perm: var perm } || !isOnlyRead(transpose)) return false;
        Draft split = transpose.Inputs[0];
        if (split.Layer is not Reshape || !isOnlyRead(split)) return false;
        Draft x = split.Inputs[0];
        if (x.Shape.Rank != 4 || end.Shape.Rank != 4) return false;

        foreach (Rearrange candidate in Candidates(split.Shape))
        {
            if (candidate.Perm != perm || !Fits(candidate, x.Shape) || candidate.Split(x.Shape) != split.Shape || candidate.InferShape([x.Shape]) != end.Shape) continue;
            end.Layer = candidate;
            end.Inputs = [x];
            return true;
        }

        return false;
    }

    private static IEnumerable<Rearrange> Candidates(TensorShape split) => split.Rank switch
    {
        5 => [new ChannelShuffle(split[1])],
        6 => [new DepthToSpace(split[2]), new DepthToSpace(split[1], ColumnRowDepth: false), new SpaceToDepth(split[3])],
        _ => [],
    };

    private static bool Fits(Rearrange candidate, TensorShape x)
    {
        try
        {
            _ = candidate.InferShape([x]);
            return true;
        }
        catch (Exception e) when (e is ModelException or OverflowException)
        {
            return false;
        }
    }
}
