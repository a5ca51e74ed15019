namespace CnnCodegen.Tool.Onnx;

/// <summary>The order of evaluation: the file's own, as far as it puts every node behind those it reads.</summary>
internal static class GraphOrder
{
    /// <param name="nodes">The graph's nodes.</param>
    /// <param name="given">Names of the values that no node makes.</param>
    /// <exception cref="ImportException">A value is made twice or by nobody, or nodes depend on themselves.</exception>
    public static List<OnnxNode> Sort(IReadOnlyList<OnnxNode> nodes, IReadOnlySet<string> given)
    {
        Dictionary<string, int> producers = new(StringComparer.Ordinal);
        for (int i = 0; i < nodes.Count; i++)
            foreach (string output in nodes[i].Outputs.Where(o => o.Length > 0))
                if (given.Contains(output) || !producers.TryAdd(output, i))
                    throw new ImportException($"the value '{output}' is made twice; value names are unique").In(nodes[i].Label);

        List<int>[] readers = [.. nodes.Select(_ => new List<int>())];
        int[] missing = new int[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string input in nodes[i].Inputs.Where(name => name.Length > 0 && !given.Contains(name)))
            {
                if (!producers.TryGetValue(input, out int producer))
                    throw new ImportException($"it reads '{input}', which no input, initializer or node makes").In(nodes[i].Label);
                readers[producer].Add(i);
                missing[i]++;
            }
        }

        PriorityQueue<int, int> ready = new(Enumerable.Range(0, nodes.Count).Where(i => missing[i] == 0).Select(i => (i, i)));
        List<OnnxNode> order = new(nodes.Count);
        while (ready.TryDequeue(out int next, out _))
        {
            order.Add(nodes[next]);
            foreach (int reader in readers[next])
                if (--missing[reader] == 0) ready.Enqueue(reader, reader);
        }

        if (order.Count < nodes.Count)
            throw new ImportException("it depends on its own result; a network has no cycles").In(nodes[Array.FindIndex(missing, m => m > 0)].Label);
        return order;
    }
}
