package main

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

// trees are our roots and proofs over leaves that are their own number in four big-endian bytes.
type trees struct {
	Leaves      int64
	Roots       map[string]string
	Inclusion   [][3]interface{}
	Consistency [][3]interface{}
}

type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		list[i] = s[at]
	}
	return list, nil
}

func record(index int64) []byte {
	data := make([]byte, 4)
	binary.BigEndian.PutUint32(data, uint32(index))
	return data
}

func grown(leaves int64) (all stored) {
	for i := int64(0); i < leaves; i++ {
		more, err := tlog.StoredHashesForRecordHash(i, tlog.RecordHash(record(i)), all)
		stop(err)
		all = append(all, more...)
	}
	return all
}

func unhex(text string) []tlog.Hash {
	data, err := hex.DecodeString(text)
	stop(err)
	list := make([]tlog.Hash, len(data)/tlog.HashSize)
	for i := range list {
		copy(list[i][:], data[i*tlog.HashSize:])
	}
	return list
}

func place(one [3]interface{}) (int64, int64, []tlog.Hash) {
	return int64(one[0].(float64)), int64(one[1].(float64)), unhex(one[2].(string))
}

// damaged flips one bit of one hash, another one in each case.
func damaged(proof []tlog.Hash, number int) []tlog.Hash {
	list := append([]tlog.Hash(nil), proof...)
	list[number%len(list)][number%tlog.HashSize] ^= 1 << (number % 8)
	return list
}

// compareTrees builds every tree again and prints how much was compared: roots, proofs of inclusion and of consistency that are equal
// and hold, and damaged ones that are accepted.
func compareTrees(path string) {
	raw, err := os.ReadFile(path)
	stop(err)
	var given trees
	stop(json.Unmarshal(raw, &given))
	all := grown(given.Leaves)
	roots := map[int64]tlog.Hash{}
	for text, ours := range given.Roots {
		size, err := strconv.ParseInt(text, 10, 64)
		stop(err)
		roots[size], err = tlog.TreeHash(size, all)
		stop(err)
		differ(roots[size], unhex(ours)[0], "root", size)
	}
	refused, accepted := 0, 0
	count := func(err error) {
		if err == nil {
			accepted++
		} else {
			refused++
		}
	}
	for number, one := range given.Inclusion {
		index, size, proof := place(one)
		leaf := tlog.RecordHash(record(index))
		stop(tlog.CheckRecord(proof, size, roots[size], index, leaf))
		theirs, err := tlog.ProveRecord(size, index, all)
		stop(err)
		differ([]tlog.Hash(theirs), proof, "inclusion proof", index)
		count(tlog.CheckRecord(proof, size, roots[size], index^1, leaf))
		if len(proof) > 0 {
			count(tlog.CheckRecord(damaged(proof, number), size, roots[size], index, leaf))
		}
	}
	for number, one := range given.Consistency {
		old, size, proof := place(one)
		stop(tlog.CheckTree(proof, size, roots[size], old, roots[old]))
		theirs, err := tlog.ProveTree(size, old, all)
		stop(err)
		differ([]tlog.Hash(theirs), proof, "consistency proof", old)
		if len(proof) > 0 {
			count(tlog.CheckTree(damaged(proof, number), size, roots[size], old, roots[old]))
		}
	}
	fmt.Printf("roots %d inclusion %d consistency %d damaged %d accepted %d\n",
		len(roots), len(given.Inclusion), len(given.Consistency), refused+accepted, accepted)
}
