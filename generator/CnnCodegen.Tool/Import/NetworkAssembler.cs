using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import.Naming;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import;

/// <summary>The last step: layers in the order in which they are written, with their names, become the model.</summary>
internal static class NetworkAssembler
{
    public static ImportedNetwork Assemble(IReadOnlyList<Draft> drafts, IReadOnlyList<Draft> outputs, ImportOptions options, string fileName)
    {
        List<Draft> order = Order(drafts, outputs);
        IReadOnlyList<string> names = NameAssigner.Assign(order, outputs);
        NetworkBuilder builder = new();
        Dictionary<Draft, int> indices = [];
        Dictionary<string, (int[], float[])> weights = new(StringComparer.Ordinal);
        Dictionary<string, string> origins = new(StringComparer.Ordinal);
        for (int i = 0; i < order.Count; i++)
        {
            Draft draft = order[i];
            indices.Add(draft, builder.Add(names[i], draft.Layer, [.. draft.Inputs.Select(d => indices[d])]));
            foreach ((string suffix, Tensor data) in draft.Weights) weights.Add($"{names[i]}.{suffix}", (data.Dims, data.Floats));
            if (draft.ValueName.Length > 0) origins.Add(names[i], draft.ValueName);
        }

        NetworkType type = new(options.Namespace, options.Name, options.Weights);
        NetworkModel model = builder.Build(type, [.. outputs.Select(o => indices[o])]);
        return new ImportedNetwork(model, weights, origins, fileName);
    }

    /// <summary>Inputs first, a parameter in front of its first reader, and an activation right behind the layer whose only reader it is.</summary>
    private static List<Draft> Order(IReadOnlyList<Draft> drafts, IReadOnlyList<Draft> outputs)
    {
        ILookup<Draft, Draft> readers = drafts.SelectMany(d => d.Inputs.Select(i => (Read: i, Reader: d))).ToLookup(p => p.Read, p => p.Reader);
        List<Draft> order = [.. drafts.Where(d => d.Layer is Input)];
        HashSet<Draft> placed = [.. order];
        foreach (Draft draft in drafts.Where(d => d.Layer is not Parameter || outputs.Contains(d)))
        {
            foreach (Draft parameter in draft.Inputs.Where(d => d.Layer is Parameter)) Place(parameter);
            Place(draft);
            for (Draft last = draft; last.Layer is not (Slice or Input or Parameter) && readers[last].Count() == 1 && !outputs.Contains(last);)
            {
                last = readers[last].Single();
                if (AttributeForm.Of(last.Layer, last.Inputs[0].Shape).Naming != UnnamedForm.Attached) break;
                Place(last);
            }
        }

        return order;

        void Place(Draft draft)
        {
            if (placed.Add(draft)) order.Add(draft);
        }
    }
}
