using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>
/// Elements Starts, Starts + Steps, ... before Ends of each dimension in <paramref name="Axes"/> (empty: the leading ones).
/// Negative positions count from the end, positions beyond it are clamped, a negative step runs backwards (ONNX Slice).
/// Resolved: one entry per dimension, <see cref="Ends"/> holding the number of elements taken.
/// </summary>
internal sealed record Slice(EquatableArray<int> Starts, EquatableArray<int> Ends, EquatableArray<int> Axes, EquatableArray<int> Steps, bool Resolved = false) : Layer
{
    public override Layer Resolve(IReadOnlyList<TensorShape> inputs)
    {
        if (Resolved) return this;
        TensorShape x = inputs[0];
        if (Starts.Count != Ends.Count || (Axes.Count != 0 && Axes.Count != Starts.Count) || (Steps.Count != 0 && Steps.Count != Starts.Count) || Starts.Count > x.Rank)
            throw new ModelException("Starts, Ends, Axes and Steps need the same number of entries");
        int[] starts = new int[x.Rank], counts = x.Dims.ToArray(), steps = Enumerable.Repeat(1, x.Rank).ToArray();
        for (int i = 0; i < Starts.Count; i++)
        {
            int axis = x.Axis(Axes.Count == 0 ? i : Axes[i]), step = Steps.Count == 0 ? 1 : Steps[i], size = x[axis];
            if (step == 0 || step == int.MinValue) throw new ModelException($"step {step} of dimension {axis} is not possible");
            int start = Clamp(Starts[i], size, step > 0 ? 0 : -1, step > 0 ? size : size - 1);
            int end = Clamp(Ends[i], size, step > 0 ? 0 : -1, step > 0 ? size : size - 1);
            long distance = step > 0 ? (long)end - start : (long)start - end;
            starts[axis] = start;
            steps[axis] = step;
            counts[axis] = distance <= 0 ? 0 : (int)((distance + Math.Abs(step) - 1) / Math.Abs(step));
        }

        return new Slice(new(starts), new(counts), [], new(steps), Resolved: true);

        static int Clamp(int position, int size, int low, int high)
        {
            long absolute = position < 0 ? (long)position + size : position;
            return (int)Math.Max(low, Math.Min(high, absolute));
        }
    }

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs) => new(Ends);

    public override string Describe() => $"from {Starts.Text()} step {Steps.Text()}";
}
