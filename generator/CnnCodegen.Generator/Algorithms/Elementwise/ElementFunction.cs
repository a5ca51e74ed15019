using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Algorithms.Elementwise;

/// <summary>A function of one element and up to two parameters.</summary>
/// <param name="Parameters">How many parameters it takes.</param>
internal abstract record ElementFunction(int Parameters)
{
    /// <summary>For the kernel's name.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the text is short enough to be written out several times.</summary>
    public virtual bool IsShort => true;

    /// <summary>The vector expression; <paramref name="x"/> and the parameters are names of locals.</summary>
    public abstract string Text(Dialect isa, string x, string p0, string p1);
}

/// <summary>An activation.</summary>
internal sealed record ActivationFunction(Activation Activation) : ElementFunction(0)
{
    public override string Name => Activation.Function.ToString();

    public override bool IsShort => Dialect.IsShort(Activation);

    public override string Text(Dialect isa, string x, string p0, string p1) => isa.Activate(Activation, x);
}

/// <summary>A batch norm as x * scale + shift.</summary>
internal sealed record AffineFunction() : ElementFunction(2)
{
    public override string Name => "BatchNorm";

    public override string Text(Dialect isa, string x, string p0, string p1) => isa.MultiplyAdd(x, p0, p1);
}

/// <summary>x for x >= 0, otherwise slope * x.</summary>
internal sealed record PReluFunction() : ElementFunction(1)
{
    public override string Name => "PRelu";

    public override string Text(Dialect isa, string x, string p0, string p1) => isa.LeakyRelu(x, p0);
}

/// <summary>A function of two values; <paramref name="Swapped"/>: the element is the second one.</summary>
internal sealed record BinaryFunction(BinaryKind Function, bool Swapped) : ElementFunction(1)
{
    public override string Name => Function + (Swapped && Function is BinaryKind.Sub or BinaryKind.Div ? "From" : "");

    public override string Text(Dialect isa, string x, string p0, string p1)
    {
        (string a, string b) = Swapped ? (p0, x) : (x, p0);
        return Function switch
        {
            BinaryKind.Add => $"{a} + {b}",
            BinaryKind.Sub => $"{a} - {b}",
            BinaryKind.Mul => $"{a} * {b}",
            BinaryKind.Div => $"{a} / {b}",
            BinaryKind.Min => isa.MinNumber(x, p0),
            BinaryKind.Max => isa.MaxNumber(x, p0),
            _ => throw new InvalidOperationException($"{Function} has no vector form."),
        };
    }
}
