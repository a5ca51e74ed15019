using CnnCodegen.Generator.Algorithms.Codes;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8;

/// <summary>A vector of sums of neighbouring output channels of a pixel.</summary>
/// <param name="Name">The local that holds it; the value's is called f, w or b and what follows the first letter.</param>
/// <param name="Vector">Which of the tile's vectors of channels: its pointers, scales and biases have that number.</param>
/// <param name="Row">The pixel, from where the pointers point to.</param>
/// <param name="Column">Likewise.</param>
internal readonly record struct Int8Sum(string Name, int Vector, int Row, int Column);

/// <summary>
/// Writes what becomes of sums: <c>scale</c> and <c>bias</c>, the residual at <c>r</c> added, activated or bounded, stored at <c>y</c>.
/// With AVX2 four vectors of codes are packed at once: their bounds are those of the packing, and what that saturates.
/// </summary>
internal sealed class Int8ResultEmitter(Isa isa, Int8Value output, Int8Value? residual, Activation? activation, SourceWriter writer)
{
    /// <summary>Vectors of sums that are packed to one of bytes.</summary>
    public const int Packed = 4;

    private readonly CodeDialect _isa = new(isa);

    private bool Packs => isa != Isa.Portable && output.Grid is not null;

    /// <summary>Writes the results of sums, those of a pixel one behind the other.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="half">The condition under which the last of the tile's vectors is only its lower half; null if it never is.</param>
    /// <param name="vectors">The tile's vectors of channels.</param>
    public void Emit(IReadOnlyList<Int8Sum> sums, string? half = null, int vectors = 1)
    {
        if (Packs && half is null && sums.Count > 1)
        {
            for (int first = 0; first < sums.Count; first += Packed) EmitPacked([.. sums.Skip(first).Take(Packed)]);
            return;
        }

        foreach (Int8Sum sum in sums) EmitSingle(sum, sum.Vector == vectors - 1 ? half : null);
    }

    private void EmitSingle(Int8Sum sum, string? half)
    {
        string f = EmitValue(sum, half), y = Address("y", sum, output);
        if (activation is not null) writer.Line($"{f} = {_isa.Floats.Activate(activation, f)};");
        if (output.Grid is not { } grid)
        {
            writer.Line(_isa.Floats.Store(y, f));
            return;
        }

        writer.Line($"{sum.Name} = {_isa.ToCodes(grid, f)};");
        writer.Line(_isa.StoreCodes(y, sum.Name, half));
    }

    private void EmitPacked(Int8Sum[] sums)
    {
        CodeGrid grid = output.Grid!;
        foreach (Int8Sum sum in sums) writer.Line($"{sum.Name} = {_isa.ToNearest(grid, EmitValue(sum, half: null))};");
        string at(int i) => sums[Math.Min(i, sums.Length - 1)].Name;
        string bytes = "b" + sums[0].Name.Substring(1);
        writer.Line($"Vector256<byte> {bytes} = {CodeDialect.Pack(grid, at(0), at(1), at(2), at(3))};");
        for (int i = 0; i < sums.Length; i++)
        {
            bool pair = i % 2 == 0 && i + 1 < sums.Length && sums[i + 1] == sums[i] with { Name = sums[i + 1].Name, Vector = sums[i].Vector + 1 };
            string y = Address("y", sums[i], output);
            writer.Line(pair
                ? $"*(Vector128<byte>*)({y}) = {bytes}.{(i == 0 ? "GetLower" : "GetUpper")}();"
                : $"*(ulong*)({y}) = {bytes}.AsUInt64().GetElement({i});");
            if (pair) i++;
        }
    }

    /// <summary>The value in units of the output, without its bounds; returns the local that holds it.</summary>
    private string EmitValue(Int8Sum sum, string? half)
    {
        Dialect floats = _isa.Floats;
        string f = "f" + sum.Name.Substring(1);
        writer.Line($"{floats.Type} {f} = {floats.MultiplyAdd(_isa.ToFloat(sum.Name), $"scale{sum.Vector}", $"bias{sum.Vector}")};");
        if (residual is null) return f;
        string address = Address("r", sum, residual);
        float unit = (float)(residual.Unit / output.Unit);
        string value = residual.Grid is null ? floats.Load(address) : _isa.ToFloat(_isa.LoadCodes(address, half));
        writer.Line($"{f} = {(unit == 1 ? $"{f} + {value}" : floats.MultiplyAdd(value, floats.Broadcast(Literals.Float(unit)), f))};");
        return f;
    }

    private static string Address(string pointer, Int8Sum sum, Int8Value value) =>
        $"{pointer}{sum.Vector} + {(sum.Row * value.Strides.Row) + (sum.Column * value.Strides.Column)}";
}
