using CnnCodegen.Generator.Diagnostics;
using CnnCodegen.Generator.Planning;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Reading;

/// <summary>Brings what the planner had to refuse back to the source.</summary>
internal static class RefusalReport
{
    /// <param name="network">The full name of the class.</param>
    /// <param name="refusal">What its planner refused.</param>
    /// <param name="pins">Where layers of all networks ask for algorithms.</param>
    public static Diagnostic Of(string network, Refusal refusal, IEnumerable<PinnedLayer> pins)
    {
        string isa = refusal.Isa.Display();
        if (refusal.TuningFile is { } file)
            return Diagnostic.Create(DiagnosticDescriptors.TuningOutdated, Location.None, file, refusal.Layer, isa, refusal.Message);
        PinnedLayer pin = pins.First(p => p.Network == network && p.Layer == refusal.Layer);
        return Diagnostic.Create(refusal.IsWish ? DiagnosticDescriptors.NotUnrolled : DiagnosticDescriptors.AlgorithmRefused, pin.Location, pin.Title, isa, refusal.Message);
    }
}
