using CnnCodegen.Compression;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Import.Naming;

namespace CnnCodegen.Tool.Compression.Channels;

/// <summary>A layer whose channels go to one other layer only, through layers that treat each channel for itself.</summary>
/// <param name="Producer">The layer.</param>
/// <param name="Value">The node whose value the other layer reads, in front of a flattening.</param>
/// <param name="Consumer">The other layer.</param>
/// <param name="Activations">The activations between them; null where something else changes a value, too.</param>
internal sealed record NeuronChain(int Producer, int Value, int Consumer, IReadOnlyList<Activation>? Activations)
{
    /// <summary>The chains between the layers that a job may change.</summary>
    public static IEnumerable<NeuronChain> Of(CompressionJob job)
    {
        ILookup<int, int> readers = Readers(job.Model);
        foreach (int producer in job.Layers.Where(l => ChannelFlow.MixesChannels(job.Model.Nodes[l].Layer)))
        {
            List<Activation> activations = [];
            bool only = true, flat = false;
            for (int node = producer, value = producer; Next(node) is int next; node = next)
            {
                Layer layer = job.Model.Nodes[next].Layer;
                if (job.Layers.Contains(next) && ChannelFlow.MixesChannels(layer))
                {
                    yield return new NeuronChain(producer, value, next, only ? activations : null);
                    break;
                }
                bool flattens = layer is Reshape reshape && AttributeForm.FlattenAxis(reshape, job.Model.Nodes[node].Shape) == 1;
                if (!flattens && layer is not (Activation or BatchNorm or Pool or GlobalPool or Identity)) break;
                only &= layer is not (BatchNorm or Pool { CountIncludePad: true });
                if (layer is Activation activation) activations.Add(activation);
                flat |= flattens;
                if (!flat) value = next;
            }
        }

        int? Next(int node) => !job.Model.Outputs.Contains(node) && readers[node].Count() == 1 ? readers[node].Single() : null;
    }

    /// <summary>The layer's neurons, and the weights of the other layer that read them.</summary>
    public HiddenLayer Read(ImportedNetwork network)
    {
        (Node producer, Node consumer) = (network.Model.Nodes[Producer], network.Model.Nodes[Consumer]);
        return new HiddenLayer(network.Weight(producer.Name + ".weight"), Bias(producer), network.Weight(consumer.Name + ".weight"), Bias(consumer));

        float[] Bias(Node node) => network.Weights.TryGetValue(node.Name + ".bias", out (int[], float[] Data) bias) ? bias.Data : new float[node.Shape[1]];
    }

    /// <summary>The network with changed neurons; those that are gone have weights of zero on both sides.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">The neurons that are left.</param>
    /// <param name="kept">Which ones they were.</param>
    public ImportedNetwork Write(ImportedNetwork network, HiddenLayer layer, IReadOnlyList<int> kept)
    {
        (Node producer, Node consumer) = (network.Model.Nodes[Producer], network.Model.Nodes[Consumer]);
        Dictionary<string, (int[] Shape, float[] Data)> weights = new(network.Weights, StringComparer.Ordinal);
        HiddenLayer all = layer.Spread(kept, producer.Shape[1]);
        Replace(producer.Name + ".weight", all.Incoming);
        if (weights.ContainsKey(producer.Name + ".bias")) Replace(producer.Name + ".bias", all.Bias);
        Replace(consumer.Name + ".weight", all.Outgoing);
        NetworkModel model = network.Model;
        if (weights.ContainsKey(consumer.Name + ".bias"))
        {
            Replace(consumer.Name + ".bias", layer.NextBias);
        }
        else if (layer.NextBias.Any(b => b != 0))
        {
            weights[consumer.Name + ".bias"] = ([layer.NextNeurons], layer.NextBias);
            Layer biased = (WeightedLayer)consumer.Layer with { Bias = true };
            model = model with { Nodes = model.Nodes.With(Consumer, consumer with { Layer = biased }) };
        }
        return network with { Model = model, Weights = weights };

        void Replace(string name, float[] data) => weights[name] = (weights[name].Shape, data);
    }

    /// <summary>The nodes that read each node.</summary>
    public static ILookup<int, int> Readers(NetworkModel model) =>
        Enumerable.Range(0, model.Nodes.Count).SelectMany(i => model.Nodes[i].Inputs.Select(input => (Input: input, Reader: i))).ToLookup(r => r.Input, r => r.Reader);
}
