using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Appends a layer that <paramref name="inputs"/> feed.</summary>
internal delegate Draft AddLayer(Layer layer, params Draft[] inputs);

/// <summary>What codes and integers mean: <c>(code - zero) * scale</c>, the scale and zero point of a value, a tensor or an axis.</summary>
internal static class CodeValues
{
    private const int LeastCode = -128, GreatestCode = 127;

    /// <summary>The quantisation by one scale and zero point, which are inputs of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="scale">Its input that is the scale.</param>
    /// <param name="zero">Its input that is the zero point, whose type is that of the codes; it may be missing.</param>
    /// <param name="type">The type of the codes where there is no zero point.</param>
    public static Activation Grid(NodeContext node, int scale, int zero, DataType type = DataType.Uint8)
    {
        Tensor scales = node.Constant(scale);
        if (scales.Length != 1) throw ImportException.Unsupported($"it quantizes a computed value by {scales.Length} scales; one for the whole tensor is supported");
        return Grid(node, scales.Floats[0], zero, type);
    }

    /// <inheritdoc cref="Grid(NodeContext, int, int, DataType)"/>
    public static Activation Grid(NodeContext node, float scale, int zero, DataType type = DataType.Uint8)
    {
        Tensor zeros = node.Has(zero) ? node.Constant(zero) : Tensor.Of([], [0L], type);
        if (zeros.Length != 1) throw ImportException.Unsupported($"it quantizes a computed value by {zeros.Length} zero points; one for the whole tensor is supported");
        if (zeros.Type is not (DataType.Uint8 or DataType.Int8)) throw ImportException.Unsupported($"its codes are {zeros.Type}; those of 8 bits are supported");
        IntegerRange range = IntegerRange.Of(zeros.Type)!.Value;
        return new Activation(ActivationKind.Quantize, scale, zeros.Integers[0]) { Low = (int)range.Low, High = (int)range.High };
    }

    /// <summary>The type of 8 bits that a value of codes or integers has; bytes where it has none.</summary>
    public static DataType TypeOf(Value value) => value.Codes is { Low: < 0 } || value.Integers is { Low: < 0 } ? DataType.Int8 : DataType.Uint8;

    /// <summary>The layer that makes what the codes of a node's input mean: codes of a quantized value, or integers.</summary>
    /// <exception cref="ImportException">The input is anything else, or its codes mean something else.</exception>
    public static Draft Value(NodeContext node, int input, Activation grid) => Value(node, input, node.Input(input), grid);

    /// <inheritdoc cref="Value(NodeContext, int, Activation)"/>
    public static Draft Value(NodeContext node, int input, Value value, Activation grid)
    {
        if (value is { Codes: { } found, Computed: { } draft })
        {
            return found == grid ? draft : throw ImportException.Unsupported(
                FormattableString.Invariant($"its input {input} was quantized by {found.Describe()}, and it reads it as {grid.Describe()}; the two must be the same"));
        }

        if (value is not { Integers: { } range, Computed: { } integers })
            throw ImportException.Unsupported($"its input {input} '{node.Node.Inputs[input]}' is not the result of a QuantizeLinear");
        if (range != new IntegerRange(grid.Low, grid.High))
            throw ImportException.Unsupported($"its input {input} is integers from {range}, and its zero point is one of {grid.Low} to {grid.High}; the two must be of one type");

        // Each is the nearest float of a code's value already; the quantisation says so.
        return node.Add(grid, Scaled(Shifted(integers, -grid.Beta, node.Add), grid.Alpha, node.Add));
    }

    /// <summary>The layer that makes the codes of a value as integers.</summary>
    /// <param name="value">Makes the value.</param>
    /// <param name="grid">What its codes mean.</param>
    /// <param name="add">Appends a layer.</param>
    public static Draft Integers(Draft value, Activation grid, AddLayer add)
    {
        Draft near = Scaled(value, 1 / grid.Alpha, add), codes = Shifted(near, grid.Beta, add);

        // The second quantisation takes off what the quotient rounds.
        return near == value ? codes : add(new Activation(ActivationKind.Quantize, 1) { Low = grid.Low, High = grid.High }, codes);
    }

    private static Draft Scaled(Draft x, float factor, AddLayer add) => factor == 1 ? x : add(new Activation(ActivationKind.Affine, factor), x);

    private static Draft Shifted(Draft x, float shift, AddLayer add) => shift == 0 ? x : add(new Activation(ActivationKind.Affine, 1, shift), x);

    /// <summary>The values of constant codes.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="scale">One scale, or one for each index of the axis.</param>
    /// <param name="zero">As many zero points; null for zeros.</param>
    /// <param name="axis">The axis; of no meaning for one scale.</param>
    public static Tensor Values(Tensor codes, Tensor scale, Tensor? zero, int axis)
    {
        if (codes.IsFloat) throw new ImportException("it dequantizes floats");
        axis = scale.Length == 1 ? -1 : codes.Shape.Axis(axis);
        bool fits = axis < 0 || (scale.Dims.Length == 1 && scale.Length == codes.Dims[axis]);
        if (!fits || (zero is not null && zero.Length != scale.Length)) throw ImportException.Unsupported($"its scales are {scale.Shape} for codes {codes.Shape}; one, or one for each index of an axis, is supported");
        int inner = codes.Dims.Skip(axis + 1).Aggregate(1, (product, d) => product * d);
        float[] values = new float[codes.Length];
        bool isGrid = codes.Type is DataType.Int8 or DataType.Uint8;
        for (int i = 0; i < values.Length; i++)
        {
            int index = i / inner % scale.Length;
            long code = codes.Integers[i] - (zero?.Integers[index] ?? 0);
            isGrid &= code is >= LeastCode and <= GreatestCode;
            values[i] = code * scale.Floats[index];
        }

        return Tensor.Of(codes.Dims, values, isGrid ? new ChannelScales(axis, scale.Floats) : null);
    }
}
