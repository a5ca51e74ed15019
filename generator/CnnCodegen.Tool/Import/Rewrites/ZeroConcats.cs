using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import.Rewrites;

/// <summary>Joining a value with constant zeros is padding.</summary>
internal static class ZeroConcats
{
    public static bool Apply(Draft end, Func<Draft, bool> isOnlyRead)
    {
        if (end.Layer is not Concat { Count: 2, Axis: var axis }) return false;
        int zeros = Array.FindIndex(end.Inputs, IsZero);
        if (zeros < 0) return false;
        int[] begin = new int[end.Shape.Rank], none = new int[end.Shape.Rank];
        begin[axis] = end.Inputs[zeros].Shape[axis];
        end.Layer = zeros == 0 ? new Pad(new(begin), new(none)) : new Pad(new(none), new(begin));
        end.Inputs = [end.Inputs[1 - zeros]];
        end.OpType = nameof(Pad);
        return true;
    }

    private static bool IsZero(Draft draft) =>
        draft.Layer is Parameter && draft.Weights[0].Data.Floats.All(v => BitConverter.SingleToUInt32Bits(v) == 0);
}
