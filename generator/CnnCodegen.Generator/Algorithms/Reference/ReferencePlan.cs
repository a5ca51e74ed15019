using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Reference;

/// <summary>A layer on dense tensors. The layer and the shapes say everything.</summary>
/// <param name="Inputs">The shapes it reads, without a residual.</param>
/// <param name="Output">The shape it writes.</param>
/// <param name="Residual">A tensor of the output's shape is added to the result.</param>
/// <param name="Activation">Applied last.</param>
internal sealed record ReferencePlan(
    Isa Isa, string Name, string Summary, int Units, Layer Layer, EquatableArray<TensorShape> Inputs, TensorShape Output, bool Residual, Activation? Activation)
    : KernelPlan(ReferenceAlgorithm.Id, Isa, Name, Summary, Units);
