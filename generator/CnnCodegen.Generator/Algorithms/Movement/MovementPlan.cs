using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Movement;

/// <summary>Copies elements: tensor 0 of the nest is the output, tensor 1 the input.</summary>
/// <param name="Nest">The loops; mapped ones are those of padding and of resampling.</param>
/// <param name="InOrigin">The byte offset of the first element read.</param>
/// <param name="OutOrigin">The byte offset of the first element written.</param>
/// <param name="Fill">The value where a map has no element.</param>
internal sealed record MovementPlan(Isa Isa, string Name, string Summary, Nest Nest, int InOrigin, int OutOrigin, float Fill)
    : KernelPlan(MovementAlgorithm.Id, Isa, Name, Summary, Nest.Units);
