using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Emission;

/// <summary>Everything that is generated for a network.</summary>
internal static class NetworkFiles
{
    /// <summary>Plans the network for each instruction set and emits all files.</summary>
    public static IEnumerable<GeneratedFile> Emit(NetworkModel model, IReadOnlyList<Isa> isas)
    {
        yield return NetworkEmitter.Emit(model, isas);
        foreach (Isa isa in isas)
        {
            NetworkPlan plan = NetworkPlanner.Plan(model, isa);
            yield return ProgramEmitter.Emit(plan);
            foreach (KernelPlan kernel in plan.Kernels) yield return KernelEmitter.Emit(model.Type, kernel);
        }
    }
}
