// Checks a published log with the Go reference implementation of signed notes, tiles and RFC 6962 proofs
// (golang.org/x/mod/sumdb/note and tlog), which shares no code with edgecode. Test code only.
//
//	go_reference CASES.json FOLDER
//	go_reference trees TREES.json
//
// CASES.json: vkey, inclusion [{index, leaf, hashes}], consistency [{old, root, hashes}]; bytes in base64. Prints one line of counts.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type inclusion struct {
	Index  int64
	Leaf   []byte
	Hashes [][]byte
}

type consistency struct {
	Old    int64
	Root   []byte
	Hashes [][]byte
}

type cases struct {
	Vkey        string
	Inclusion   []inclusion
	Consistency []consistency
}

func stop(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func differ(want, got interface{}, what string, at int64) {
	if !reflect.DeepEqual(want, got) {
		stop(fmt.Errorf("%s %d differs", what, at))
	}
}

func hashed(data [][]byte) []tlog.Hash {
	list := make([]tlog.Hash, len(data))
	for i, item := range data {
		if len(item) != tlog.HashSize {
			stop(fmt.Errorf("a hash of %d bytes", len(item)))
		}
		copy(list[i][:], item)
	}
	return list
}

// published reads tiles where c2sp.org/tlog-tiles puts them; Go's own paths name the height too.
type published struct {
	folder string
	read   int
}

func (p *published) Height() int { return 8 }

func (p *published) path(path string) string {
	return filepath.Join(p.folder, strings.Replace(path, "tile/8/", "tile/", 1))
}

func (p *published) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(p.path(tile.Path()))
		if err != nil {
			return nil, err
		}
		p.read++
		all = append(all, data)
	}
	return all, nil
}

func (p *published) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func head(raw []byte, verifier note.Verifier) tlog.Tree {
	opened, err := note.Open(raw, note.VerifierList(verifier))
	stop(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	stop(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	stop(err)
	return tlog.Tree{N: size, Hash: hashed([][]byte{root})[0]}
}

// flipsAccepted counts damaged heads that Go accepts. Damage in unused bits at the end of the signature's base64 does not count:
// Go reads such a line as the same signature, while edgecode refuses every second spelling.
func flipsAccepted(raw []byte, verifier note.Verifier) (accepted int) {
	spelling := strings.LastIndex(string(raw), "=\n") - 1
	for bit := range make([]struct{}, len(raw)*8) {
		damaged := append([]byte(nil), raw...)
		damaged[bit/8] ^= 1 << (bit % 8)
		if _, err := note.Open(damaged, note.VerifierList(verifier)); err == nil && bit/8 != spelling {
			accepted++
		}
	}
	return accepted
}

func entries(p *published, tree tlog.Tree, reader tlog.HashReader) (count int64) {
	for first := int64(0); first < tree.N; first += 256 {
		width := tree.N - first
		if width > 256 {
			width = 256
		}
		name := strings.Replace(tlog.Tile{H: 8, L: 0, N: first / 256, W: int(width)}.Path(), "tile/8/0/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(p.folder, name))
		stop(err)
		for i := first; i < first+width; i++ {
			length := int(data[0])<<8 | int(data[1])
			stored, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, i)})
			stop(err)
			differ(tlog.RecordHash(data[2:2+length]), stored[0], "entry", i)
			data = data[2+length:]
			count++
		}
		if len(data) != 0 {
			stop(fmt.Errorf("bytes behind the last entry of bundle %d", first/256))
		}
	}
	return count
}

func main() {
	if os.Args[1] == "trees" {
		compareTrees(os.Args[2])
		return
	}
	raw, err := os.ReadFile(os.Args[1])
	stop(err)
	var given cases
	stop(json.Unmarshal(raw, &given))
	verifier, err := note.NewVerifier(given.Vkey)
	stop(err)
	signed, err := os.ReadFile(filepath.Join(os.Args[2], "checkpoint"))
	stop(err)
	tree := head(signed, verifier)
	tiles := &published{folder: os.Args[2]}
	reader := tlog.TileHashReader(tree, tiles)

	for _, one := range given.Inclusion {
		proof := hashed(one.Hashes)
		stop(tlog.CheckRecord(proof, tree.N, tree.Hash, one.Index, tlog.RecordHash(one.Leaf)))
		theirs, err := tlog.ProveRecord(tree.N, one.Index, reader)
		stop(err)
		differ([]tlog.Hash(theirs), proof, "inclusion proof", one.Index)
	}
	for _, one := range given.Consistency {
		proof := hashed(one.Hashes)
		stop(tlog.CheckTree(proof, tree.N, tree.Hash, one.Old, hashed([][]byte{one.Root})[0]))
		theirs, err := tlog.ProveTree(tree.N, one.Old, reader)
		stop(err)
		differ([]tlog.Hash(theirs), proof, "consistency proof", one.Old)
	}
	fmt.Printf("entries %d inclusion %d consistency %d flips %d\n",
		entries(tiles, tree, reader), len(given.Inclusion), len(given.Consistency), flipsAccepted(signed, verifier))
}
