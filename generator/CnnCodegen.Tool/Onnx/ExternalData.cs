using System.Globalization;

namespace CnnCodegen.Tool.Onnx;

/// <summary>Tensors whose bytes lie in a file beside the model (ONNX <c>external_data</c>).</summary>
internal static class ExternalData
{
    /// <summary>The <paramref name="size"/> bytes of a tensor.</summary>
    /// <exception cref="ImportException">The file is missing, outside the model's folder, or too short.</exception>
    public static byte[] Read(string? folder, TensorProto proto, long size)
    {
        Dictionary<string, string> entries = [];
        foreach (StringStringEntryProto entry in proto.ExternalData) entries[entry.Key] = entry.Value;
        string path = Locate(folder, entries.GetValueOrDefault("location", ""));
        long offset = Number(entries, "offset") ?? 0, length = Number(entries, "length") ?? size;
        if (length != size) throw new ImportException($"its external data have {length} bytes; its dimensions need {size}");

        try
        {
            using FileStream file = File.OpenRead(path);
            if (offset > file.Length - size)
                throw new ImportException($"its external data end beyond '{Path.GetFileName(path)}' ({file.Length} bytes); the file is truncated, or not this model's");
            byte[] bytes = new byte[size];
            file.Seek(offset, SeekOrigin.Begin);
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"its external data file '{Path.GetFileName(path)}' cannot be read ({e.Message}); put it beside the model");
        }
    }

    private static string Locate(string? folder, string location)
    {
        if (folder is null) throw new ImportException("its data are in another file, and the model was not read from a folder");
        string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        if (location.Length == 0 || location.Contains('\0') || Path.IsPathRooted(location) || !Path.GetFullPath(Path.Combine(root, location)).StartsWith(root, StringComparison.Ordinal))
            throw new ImportException($"its external data location '{location}' is not a file in the model's folder; external data must lie beside the model");
        return Path.GetFullPath(Path.Combine(root, location));
    }

    private static long? Number(Dictionary<string, string> entries, string key)
    {
        if (!entries.TryGetValue(key, out string? text)) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new ImportException($"its external data {key} '{text}' is not a number");
    }
}
