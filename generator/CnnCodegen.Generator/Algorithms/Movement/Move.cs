using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Movement;

/// <summary>Where each element of a dense output comes from. Byte offsets.</summary>
internal sealed record Move(Nest Nest, int InOrigin = 0, int OutOrigin = 0, float Fill = 0)
{
    private const int FloatBytes = sizeof(float);

    /// <summary>The copies that make up a layer, one for each input.</summary>
    public static IReadOnlyList<Move> Of(Layer layer, IReadOnlyList<TensorShape> inputs, TensorShape output)
    {
        TensorShape x = inputs[0];
        return layer switch
        {
            Identity => [Strided(x, x.Strides(), 0)],
            Transpose transpose => [Permuted(x, transpose.Perm)],
            Rearrange rearrange => [Permuted(rearrange.Split(x), rearrange.Perm)],
            Slice slice => [Strided(output, x.Strides().Zip(slice.Steps, (stride, step) => stride * step).ToArray(), x.Strides().Zip(slice.Starts, (stride, start) => stride * start).Sum())],
            Concat concat => Joined(inputs, output, concat.Axis),
            Pad pad => [Mapped(x, output, (axis, o) => PadSource(pad, axis, o, x[axis])) with { Fill = pad.Value }],
            Resize resize => [Mapped(x, output, (axis, o) => resize.Nearest(axis, o, x[axis]))],
            _ => throw new InvalidOperationException($"{layer.Kind} computes."),
        };
    }

    /// <summary>The input's strides along the output's dimensions, and the element where it starts.</summary>
    private static Move Strided(TensorShape output, int[] strides, int origin) => new(Nest.Over(output, output.Strides(), strides), origin * FloatBytes);

    private static Move Permuted(TensorShape x, EquatableArray<int> perm)
    {
        int[] strides = x.Strides();
        return Strided(new TensorShape(perm.Select(p => x[p]).ToEquatableArray()), perm.Select(p => strides[p]).ToArray(), 0);
    }

    private static List<Move> Joined(IReadOnlyList<TensorShape> inputs, TensorShape output, int joined)
    {
        List<Move> parts = [];
        int at = 0;
        foreach (TensorShape input in inputs)
        {
            parts.Add(new Move(Nest.Over(input, output.Strides(), input.Strides()), OutOrigin: at * output.Strides()[joined] * FloatBytes));
            at += input[joined];
        }

        return parts;
    }

    /// <summary>Every dimension on its own: element o of the output is element source(axis, o) of the input, -1 for none.</summary>
    private static Move Mapped(TensorShape x, TensorShape output, Func<int, int, int> source)
    {
        int[] inStrides = x.Strides(), outStrides = output.Strides();
        List<LoopAxis> axes = [];
        int origin = 0;
        for (int axis = 0; axis < output.Rank; axis++)
        {
            int stride = inStrides[axis] * FloatBytes;
            int[] offsets = Enumerable.Range(0, output[axis]).Select(o => source(axis, o) is >= 0 and int i ? i * stride : -1).ToArray();
            int step = offsets.Length > 1 ? offsets[1] - offsets[0] : 0;
            bool even = offsets.All(offset => offset >= 0) && offsets.Select((offset, o) => offset == offsets[0] + (o * step)).All(same => same);
            if (even) origin += offsets[0];
            axes.Add(new LoopAxis(output[axis], [outStrides[axis] * FloatBytes, even ? step : 0], even ? default : new(offsets)));
        }

        return new Move(Nest.Of(axes, 2), origin);
    }

    private static int PadSource(Pad pad, int axis, int o, int size)
    {
        int i = o - pad.Begin[axis];
        if (i >= 0 && i < size) return i;
        return pad.Mode switch
        {
            PadMode.Edge => i < 0 ? 0 : size - 1,
            PadMode.Reflect => i < 0 ? -i : (2 * (size - 1)) - i,
            _ => -1,
        };
    }
}
