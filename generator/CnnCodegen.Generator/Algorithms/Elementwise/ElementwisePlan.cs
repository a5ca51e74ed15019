using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Elementwise;

/// <summary>
/// A function applied to rows of vectors: Images x Blocks x Rows x Vectors, then (in dense tensors) a few elements behind each row.
/// What "block" and "row" mean is up to the strides: a dense tensor can be one long row.
/// </summary>
internal sealed record ElementwisePlan(Isa Isa, string Name, string Summary, PlaneUnits Planes)
    : KernelPlan(ElementwiseAlgorithm.Id, Isa, Name, Summary, Planes.Count)
{
    public ElementFunction Function { get; init; } = null!;

    /// <summary>Applied to the result; null for nothing.</summary>
    public Activation? Activation { get; init; }

    /// <summary>What the strides take as a block, for the kernel's documentation.</summary>
    public string Plane { get; init; } = "";

    /// <summary>Rows of a plane; where it is 1, the units' bands cut the row's vectors, otherwise the rows.</summary>
    public int Rows { get; init; }

    public int Vectors { get; init; }

    /// <summary>Elements behind the last whole vector of a row.</summary>
    public int Tail { get; init; }

    public PlaneStrides Input { get; init; } = null!;

    public PlaneStrides Output { get; init; } = null!;

    public EquatableArray<ElementParameter> Parameters { get; init; }

    public bool CutsRow => Rows == 1 && Planes.Bands.Count > 1;
}

/// <summary>Where a parameter lies. A column stride of 0: one value (or vector) for a whole plane.</summary>
/// <param name="Packed">In the packed weights instead of the second operand.</param>
/// <param name="Strides">Byte distances.</param>
/// <param name="Scalar">Floats that all lanes share instead of vectors.</param>
internal sealed record ElementParameter(bool Packed, PlaneStrides Strides, bool Scalar)
{
    public bool IsConstant => Strides.Column == 0;
}
